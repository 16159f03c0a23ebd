import type { Kind } from './line.ts'
import { service, version } from './names.ts'

export const stackTraces: Kind = (random) => {
  const line = random.integer(1, 4000)
  return random.pick([
    () =>
      `\tat com.example.${service(random)}.OrderService.pay(OrderService.java:${line}) ~[app-${version(random)}.jar!/:${version(random)}]`,
    () =>
      `\tat jdk.internal.reflect.GeneratedMethodAccessor${line}.invoke(Unknown Source)\n\tat java.base/java.lang.Thread.run(Thread.java:1583)\nCaused by: java.io.IOException: Broken pipe\n\t... ${line} more`,
    () =>
      `    at Object.<anonymous> (/srv/app/node_modules/.pnpm/@types+node@22.${line % 30}.0/node_modules/express/lib/router/index.js:${line}:${random.integer(1, 90)})`,
    () => `    at async file:///srv/app/dist/${service(random)}.js?t=1785${random.digits(9)}:${line}:13`,
    () => `  File "/usr/lib/python3.11/site-packages/urllib3/connectionpool.py", line ${line}, in urlopen`,
    () =>
      `goroutine ${random.digits(9)} [chan receive, ${random.integer(1, 900)} minutes]:\nmain.(*server).serve(0xc000${random.hex(6)}, {0x${random.hex(6)}, 0xc000${random.hex(6)}})\n\t/go/pkg/mod/github.com/example/app@${version(random)}/server.go:${line} +0x${random.hex(3)}`,
    () =>
      `   ${random.integer(0, 40)}: core::ops::function::FnOnce::call_once{{vtable.shim}}\n             at /rustc/${random.hex(40)}/library/core/src/ops/function.rs:${line}:5`,
    () =>
      `#${random.integer(0, 30)} 0x0000${random.hex(12)} in std::__1::vector<int>::push_back (this=0x${random.hex(12)}, value=${random.digits(10)}) at vector:${line}`,
    () => `SyntaxError: Unexpected token '<', "<!DOCTYPE "... is not valid JSON at position ${line}`,
    () =>
      `System.NullReferenceException: Object reference not set\r\n   at Shop.${service(random)}.<>c__DisplayClass${line}_0.<Run>b__1(Object state) in D:\\a\\_work\\${random.integer(1, 90)}\\s\\src\\Shop.cs:line ${line}`,
    () =>
      `Error: Unknown authentication strategy "jwt" at passport (/srv/app/node_modules/passport/lib/middleware/authenticate.js:${line}:${random.integer(1, 90)}) code ${random.digits(9)}`,
    () =>
      `PHP Fatal error:  Allowed memory size of ${random.digits(9)} bytes exhausted (tried to allocate ${random.digits(8)} bytes) in /var/www/html/index.php on line ${line}`,
    () =>
      `ActiveRecord::RecordNotFound (Couldn't find Order with 'id'=${random.digits(random.integer(9, 12))}):\napp/controllers/orders_controller.rb:${line}:in 'show'`,
    () =>
      `[<${random.hex(16)}>] ? __schedule+0x${random.hex(3)}/0x${random.hex(3)} Module{0x${random.hex(8)}} tainted ${version(random)}`,
  ])()
}
