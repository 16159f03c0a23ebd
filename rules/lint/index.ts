import type { LintCheck, LintFacts, ReadingCheck } from './check.ts'
import { auditWithoutExpiry } from './checks/audit-without-expiry.ts'
import { badPath } from './checks/bad-path.ts'
import { duplicateDetector } from './checks/duplicate-detector.ts'
import { duplicateId } from './checks/duplicate-id.ts'
import { exceptionInsideMap } from './checks/exception-inside-map.ts'
import { exceptionOutOfScope } from './checks/exception-out-of-scope.ts'
import { exceptionWithoutExpiry } from './checks/exception-without-expiry.ts'
import { exceptionWithoutOwner } from './checks/exception-without-owner.ts'
import { exceptionWithoutReason } from './checks/exception-without-reason.ts'
import { expiredAudit } from './checks/expired-audit.ts'
import { expiredException } from './checks/expired-exception.ts'
import { guessableHash } from './checks/guessable-hash.ts'
import { hashBesideMask } from './checks/hash-beside-mask.ts'
import { invalidValue } from './checks/invalid-value.ts'
import { invalidYaml } from './checks/invalid-yaml.ts'
import { missingMetadata } from './checks/missing-metadata.ts'
import { nearWithoutEffect } from './checks/near-without-effect.ts'
import { noisyDetector } from './checks/noisy-detector.ts'
import { notAnAttribute } from './checks/not-an-attribute.ts'
import { notCompiled } from './checks/not-compiled.ts'
import { overlappingRecipients } from './checks/overlapping-recipients.ts'
import { patternApart } from './checks/pattern-apart.ts'
import { refusedPattern } from './checks/refused-pattern.ts'
import { revealingMask } from './checks/revealing-mask.ts'
import { ruleWithoutTests } from './checks/rule-without-tests.ts'
import { sealedCardSecret } from './checks/sealed-card-secret.ts'
import { unkeyedHash } from './checks/unkeyed-hash.ts'
import { unknownDetector } from './checks/unknown-detector.ts'
import { unknownHashKey } from './checks/unknown-hash-key.ts'
import { unknownKey } from './checks/unknown-key.ts'
import { unknownRecipient } from './checks/unknown-recipient.ts'
import { unreachableRule } from './checks/unreachable-rule.ts'

/** What reading and compiling find; the first that covers an issue names it, so that the widest comes last. */
export const READING_CHECKS: readonly ReadingCheck[] = [
  invalidYaml,
  notCompiled,
  unknownKey,
  unkeyedHash,
  auditWithoutExpiry,
  invalidValue,
]

/** What is looked for in rules that have been read. The order is that of the reference. */
export const LINT_CHECKS: readonly LintCheck[] = [
  badPath,
  refusedPattern,
  patternApart,
  unknownDetector,
  duplicateDetector,
  duplicateId,
  unknownRecipient,
  unknownHashKey,
  sealedCardSecret,
  guessableHash,
  revealingMask,
  hashBesideMask,
  overlappingRecipients,
  unreachableRule,
  nearWithoutEffect,
  notAnAttribute,
  noisyDetector,
  exceptionWithoutReason,
  exceptionWithoutOwner,
  exceptionWithoutExpiry,
  expiredException,
  exceptionOutOfScope,
  exceptionInsideMap,
  expiredAudit,
  ruleWithoutTests,
  missingMetadata,
]

/** All codes. */
export const LINT_CODES: readonly LintFacts[] = [...READING_CHECKS, ...LINT_CHECKS]
