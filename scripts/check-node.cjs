/*
 * Says clearly when scripts run under another Node than the project's, or when a native part is not built.
 *
 * The devDependency `node` brings the Node that `npm run` uses, and re2 is compiled for exactly that one. After
 * `npm ci --ignore-scripts` both are missing, npm falls back to whatever Node the machine has, and what fails then
 * says nothing about the reason. This file must run on any Node, however old: no modern syntax, no imports.
 */
var fs = require('fs')
var path = require('path')

var root = path.join(__dirname, '..')

/** What is wrong, and the command that mends it; undefined where all is well. */
function problemOf(running, wanted, exists) {
  if (!exists(path.join(root, 'node_modules'))) {
    return { problem: 'The dependencies are not installed.', mend: ['npm ci'] }
  }
  if (running !== wanted) {
    return {
      problem: 'This is Node ' + running + ', but the project runs on Node ' + wanted + ', its devDependency "node".',
      mend: exists(path.join(root, 'node_modules', 'node', 'bin', 'node'))
        ? ['use npm run, or put node_modules/.bin first in PATH']
        : ['npm rebuild node', 'npm rebuild re2'],
    }
  }
  if (!exists(path.join(root, 'node_modules', 're2', 'build', 'Release', 're2.node'))) {
    return { problem: 'The pattern engine re2 is not built.', mend: ['npm rebuild re2'] }
  }
  return undefined
}

function main() {
  var manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  var found = problemOf(process.versions.node, manifest.devDependencies.node, fs.existsSync)
  if (found === undefined) return
  process.stderr.write(found.problem + '\nTo mend it: ' + found.mend.join(', then ') + '\n')
  process.exitCode = 1
}

module.exports = { problemOf: problemOf }
if (require.main === module) main()
