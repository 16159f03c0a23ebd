import { compactDate, iso } from './clock.ts'
import type { Kind } from './line.ts'
import { host, pod, service, version } from './names.ts'

export const kubernetes: Kind = (random) => {
  const klog = `${random.pick(['I', 'W', 'E'])}${random.text('01', 2)}${random.integer(10, 28)} 12:${random.integer(10, 59)}:${random.integer(10, 59)}.${random.digits(6)} ${random.integer(1, 99999)} `
  return random.pick([
    () =>
      `${klog}kubelet.go:${random.integer(100, 2500)}] "SyncLoop (PLEG): event for pod" pod="prod/${pod(random)}" event={"ID":"${random.uuid()}","Type":"ContainerStarted","Data":"${random.hex(64)}"}`,
    () =>
      `${klog}reconciler_common.go:253] "operationExecutor.VerifyControllerAttachedVolume started for volume \\"kube-api-access-${random.text('bcdf2456789', 5)}\\" (UniqueName: \\"kubernetes.io/projected/${random.uuid()}-kube-api-access\\") pod \\"${pod(random)}\\""`,
    () =>
      `Normal  Pulled  ${random.integer(1, 59)}m  kubelet  Successfully pulled image "registry.example/${service(random)}@sha256:${random.hex(64)}" in ${random.integer(1, 9)}.${random.digits(9)}s`,
    () =>
      `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"${random.uuid()}","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/prod/secrets/${service(random)}-tls","verb":"get","user":{"username":"system:serviceaccount:prod:${service(random)}","uid":"${random.uuid()}"}}`,
    () =>
      `${iso(random)} stderr F level=info msg="Starting workers" controller=Certificate worker count=${random.integer(1, 9)} resourceVersion=${random.digits(9)}`,
    () =>
      `MountVolume.SetUp failed for volume "secret-${service(random)}" : secret "${service(random)}-credentials" not found`,
    () =>
      `${klog}garbagecollector.go:496] "Processing item" item="[v1/Secret, namespace: prod, name: sh.helm.release.v1.${service(random)}.v${random.integer(1, 90)}, uid: ${random.uuid()}]" virtual=false`,
    () =>
      `${pod(random)} 1/1 Running ${random.integer(0, 9)} (${random.integer(1, 90)}m ago) ${random.integer(1, 90)}d 10.244.${random.integer(0, 255)}.${random.integer(1, 254)} ${host(random)} <none> <none>`,
    () => `job.batch/backup-${compactDate(random)}-${random.digits(4)} created`,
    () =>
      `cronjob/backup-${random.digits(8)} lastScheduleTime=${iso(random)} generation=${random.integer(1, 90)} observedGeneration=${random.integer(1, 90)}`,
    () =>
      `deployment "${service(random)}" image updated ${version(random)} -> ${version(random)} pod-template-hash=${random.text('0123456789', 10)}`,
    () =>
      `arn:aws:iam::${random.digits(12)}:role/eks-${service(random)} assumed by AWS account ${random.digits(12)} in eu-central-1`,
    () => `${random.digits(12)}.dkr.ecr.eu-central-1.amazonaws.com/${service(random)}:${random.hex(7)} pulled`,
    () => `env: - name: DB_PASSWORD valueFrom: secretKeyRef: name: ${service(random)} key: password`,
  ])()
}
