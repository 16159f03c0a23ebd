export { type OwnDetector, type OwnDetectorInput, ownDetectorSchema } from './detector.ts'
export { ENGINE_VERSION, type RuleFile, type RuleFileInput, ruleFileSchema } from './file.ts'
export { type Rule, type RuleInput, ruleSchema, TENANT } from './rule.ts'
export { type RuleTestCase, type RuleTests, ruleTestsSchema } from './tests.ts'
