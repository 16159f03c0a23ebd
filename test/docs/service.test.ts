import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { loadConfig } from '../../processor/config/load.ts'
import { serviceIssues } from '../../processor/config/service-issues.ts'
import { ERRORS } from '../../processor/errors.ts'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'
import { codeBlock, document, ROOT } from './document.ts'

const PAGE = 'docs/service.md'
const COMMAND = join(ROOT, 'processor/cli/main.ts')
const folder = mkdtempSync(join(tmpdir(), 'fieldseal-service-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What operators have, in a folder of its own: the configuration, and files that it names. */
function operatorsFolder(name: string, files: Readonly<Record<string, string>>): string {
  const place = join(folder, name)
  mkdirSync(place)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(place, path)), { recursive: true })
    writeFileSync(join(place, path), content, { mode: 0o600 })
  }
  return place
}

function publicKey(name: string): string {
  return JSON.stringify(generateKeyPair('P-256', name).publicJwk)
}

function validate(place: string) {
  const env = { ...process.env, BACKEND_TOKEN: 'a-token-of-the-backend' }
  return spawnSync(process.execPath, [COMMAND, 'validate', '-c', join(place, 'config.yaml'), '--check-recipients'], {
    encoding: 'utf8',
    env,
  })
}

const SECRETS = {
  'tls/server.pem': 'certificate',
  'tls/server.key': 'key',
  'tls/clients-ca.pem': 'authority',
  'tls/backend-ca.pem': 'authority',
  'keys/collector.token': 'c0ffee'.repeat(8),
  'keys/forward.key': 'c0ffee'.repeat(8),
  'keys/forward.password': 'c0ffee'.repeat(4),
}

describe('every configuration is valid, and can be run', () => {
  test.each(['small', 'guarded', 'grpc', 'forward', 'telemetry', 'leak-scan'])('%s', (name) => {
    const place = operatorsFolder(name, {
      'config.yaml': codeBlock(PAGE, `config: ${name}`),
      'keys/security.pub.jwk': publicKey('security'),
      'keys/dpo.pub.jwk': publicKey('dpo'),
      ...SECRETS,
    })
    cpSync(join(ROOT, 'rules/packs'), join(place, 'rules/packs'), { recursive: true })
    const { status, stderr } = validate(place)
    expect([status, stderr]).toEqual([0, ''])
    const loaded = loadConfig(join(place, 'config.yaml'), { env: { BACKEND_TOKEN: 'a-token-of-the-backend' } })
    expect(serviceIssues(loaded)).toEqual([])
  })

  test('the small one has ten lines at most', () => {
    expect(codeBlock(PAGE, 'config: small').trimEnd().split('\n').length).toBeLessThanOrEqual(10)
  })

  test('the one of Kubernetes', () => {
    const { data } = parseAllDocuments(codeBlock(PAGE, 'kubernetes'))[0]!.toJS()
    const place = operatorsFolder('kubernetes', {
      ...data,
      'security.pub.jwk': publicKey('security-2026'),
      'tls/tls.crt': 'certificate',
      'tls/tls.key': 'key',
      'tokens/collector': 'c0ffee'.repeat(8),
    })
    const { status, stderr } = validate(place)
    expect([status, stderr]).toEqual([0, ''])
    expect(JSON.parse(data['security.pub.jwk'])).toMatchObject({ kty: 'EC', crv: 'P-256', kid: 'security-2026' })
  })
})

describe('the pod', () => {
  const [configMap, deployment] = parseAllDocuments(codeBlock(PAGE, 'kubernetes')).map((entry) => entry.toJS())
  const { spec } = deployment.spec.template
  const [container] = spec.containers
  const { sources, sinks } = parse(configMap.data['config.yaml'])

  test('mounts every file that its configuration names', () => {
    const { sources: mounted } = spec.volumes[0].projected
    const paths = mounted
      .slice(1)
      .flatMap(({ secret }: { secret: { items: { path: string }[] } }) => secret.items.map(({ path }) => path))
    const { tls, tokens } = sources.otlp
    expect(paths).toEqual([tls.cert, tls.key, ...tokens])
    expect(Object.keys(configMap.data)).toEqual(['config.yaml', 'rules.yaml', 'security.pub.jwk'])
    expect(Object.keys(sinks)).toEqual(['backend'])
    expect(container.volumeMounts[0].mountPath).toBe('/etc/fieldseal')
    expect(container.command.slice(2)).toEqual(['run', '-c', '/etc/fieldseal/config.yaml'])
    expect(container.ports[0].containerPort).toBe(Number(sources.otlp.listen.split(':')[1]))
  })

  test('may do nothing that it need not', () => {
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(spec.securityContext.runAsNonRoot).toBe(true)
  })

  describe('its probes', () => {
    const asked: string[] = []
    let answer = 200
    const server = createServer((request, response) => {
      asked.push(request.url!)
      response.writeHead(answer).end()
    })
    beforeAll(async () => {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
    })
    afterAll(() => server.close())

    test.each([
      ['readinessProbe', '/readyz'],
      ['livenessProbe', '/livez'],
    ])('the %s succeeds and fails with %s', async (name, path) => {
      const [program, ...options] = container[name].exec.command as string[]
      expect(program).toBe('node')
      const { port } = server.address() as AddressInfo
      const probe = (to: number) =>
        promisify(execFile)(
          process.execPath,
          options.map((option) => option.replace('127.0.0.1:8890', `127.0.0.1:${to}`)),
        ).then(
          () => 0,
          ({ code }) => code,
        )
      answer = 200
      expect(await probe(port)).toBe(0)
      answer = 503
      expect(await probe(port)).toBe(1)
      expect(asked.splice(0)).toEqual([path, path])
      // The port that is named "discard": nobody listens there.
      expect(await probe(9)).toBe(1)
    })
  })
})

describe('the unit of systemd', () => {
  const unit = codeBlock(PAGE, 'systemd')
  const { bin } = JSON.parse(document('package.json'))

  test('starts the command of the package, and does not give up before it has drained', () => {
    expect(unit).toContain(`/opt/fieldseal/${bin.fieldseal} run -c `)
    const { drain } = parse(document('config.example.yaml')).service
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)![1])).toBeGreaterThan(Number.parseInt(drain, 10) + 5)
    expect(/^RestartPreventExitStatus=(\d+)$/m.exec(unit)![1]).toBe(String(ERRORS.FIELDSEAL_CONFIG_INVALID.exit))
  })

  test('keeps memory from disks, and the process from everything else', () => {
    const lines = unit.split('\n')
    for (const line of ['LimitCORE=0', 'MemorySwapMax=0', 'NoNewPrivileges=yes', 'ProtectSystem=strict'])
      expect(lines).toContain(line)
  })

  const analyze = spawnSync('systemd-analyze', ['--version'])
  test.skipIf(analyze.error !== undefined)(
    'is understood by systemd (skipped where there is no systemd-analyze)',
    () => {
      const file = join(folder, 'fieldseal.service')
      // A program that is there: systemd looks for it.
      writeFileSync(file, unit.replace('ExecStart=/usr/bin/node', `ExecStart=${process.execPath}`))
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' })
      const ours = stderr.split('\n').filter((line) => line.includes('fieldseal'))
      expect([status, ours]).toEqual([0, []])
    },
  )
})

test('every code, page and path that the guide names exists', () => {
  const text = document(PAGE)
  for (const [code] of text.matchAll(/FIELDSEAL_[A-Z_]+/g)) expect(Object.keys(ERRORS)).toContain(code)
})
