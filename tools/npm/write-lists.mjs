// Writes the lists that the build compiles in: sorted by bytes, one entry a line, each once.
// Usage: node write-lists.mjs DATA_DIR OUT_DIR (DATA_DIR: our own additions, src/domain/data)
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { domainToASCII } from 'node:url'

const require = createRequire(import.meta.url)
const [dataDir, outDir] = process.argv.slice(2)
if (!outDir) throw new Error('usage: node write-lists.mjs DATA_DIR OUT_DIR')

// Our own lines, without comments; "-word" lines are what to leave out.
function ownLines(file) {
  const lines = readFileSync(join(dataDir, file), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'))
  return {
    more: lines.filter((line) => !line.startsWith('-')),
    less: lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1)),
  }
}

function write(name, entries) {
  const bytes = [...new Set(entries)].map((entry) => Buffer.from(entry, 'utf8')).sort(Buffer.compare)
  writeFileSync(join(outDir, name), bytes.map((entry) => entry.toString('utf8') + '\n').join(''))
}

// Names as Galena compares them: lower case, A-labels; what is no domain name is dropped.
const asDomains = (names) =>
  names.map((name) => domainToASCII(name.trim().toLowerCase())).filter((name) => name.includes('.'))

mkdirSync(outDir, { recursive: true })

const free = ownLines('free_mail_more.txt')
write(
  'free_mail.txt',
  asDomains([...require('free-email-domains/domains.json'), ...free.more]).filter(
    (name) => !free.less.includes(name),
  ),
)
write(
  'disposable.txt',
  asDomains([
    ...require('disposable-email-domains/index.json'),
    ...require('disposable-email-domains/wildcard.json'),
    ...require('disposable-email-domains-js/dist/dict/disposable_email_blocklist.json'),
  ]),
)

const roles = ownLines('role_words.txt')
const known = require('role-based-email-addresses').map((word) => word.toLowerCase())
write('roles.txt', [...known, ...roles.more].filter((word) => !roles.less.includes(word)))
