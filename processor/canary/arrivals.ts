/** Where canaries come out. */
export interface Arrivals {
  /**
   * Begins to look. What was there before is not looked at.
   *
   * @param take - is given each line or request, as JSON.
   * @throws FieldsealError where it cannot look there.
   */
  start(take: (json: string) => void): Promise<void>
  close(): Promise<void>
}
