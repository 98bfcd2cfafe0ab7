// Checks Cucumber Messages with Cucumber's own parts, and renders them: node check-messages.mjs messages.ndjson report.html
// - each line against the protocol's schema;
// - each feature and its examples against what the official parser makes of the source, ids aside;
// - each test against the official query library, which the formatter is built on.
// Says what it found as JSON; anything wrong is an error with a line of its own.
import assert from 'node:assert/strict'
import { createReadStream, createWriteStream } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AstBuilder, GherkinClassicTokenMatcher, Parser, compile } from '@cucumber/gherkin'
import { CucumberHtmlStream } from '@cucumber/html-formatter'
import { parseEnvelope, version } from '@cucumber/messages'
import { Query } from '@cucumber/query'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { sameButIds } from './same-but-ids.mjs'

const [from, to] = process.argv.slice(2)
const schema = createRequire(import.meta.url)('@cucumber/messages/schema')

async function read(path) {
  const isEnvelope = new Ajv2020({ allErrors: true }).compile(schema)
  const envelopes = []
  for await (const line of createInterface({ input: createReadStream(path, 'utf8') })) {
    const envelope = JSON.parse(line)
    assert.ok(isEnvelope(envelope), `line ${envelopes.length + 1}: ${JSON.stringify(isEnvelope.errors)}`)
    assert.equal(Object.keys(envelope).length, 1, `line ${envelopes.length + 1} is one message`)
    envelopes.push(parseEnvelope(line))
  }
  assert.equal(envelopes[0].meta.protocolVersion, version)
  return envelopes
}

function checkDocuments(envelopes) {
  for (const { uri, data } of envelopes.flatMap((envelope) => envelope.source ?? [])) {
    let last = 0
    const newId = () => String(last++)
    const document = { ...new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher()).parse(data), uri }
    const ids = new Map()
    sameButIds(envelopes.find((envelope) => envelope.gherkinDocument?.uri === uri).gherkinDocument, document, ids, uri)
    sameButIds(envelopes.flatMap((envelope) => (envelope.pickle?.uri === uri ? envelope.pickle : [])), compile(document, uri, newId), ids, `${uri}, pickles`)
  }
}

function count(envelopes) {
  const query = new Query()
  for (const envelope of envelopes) query.update(envelope)
  for (const started of query.findAllTestCaseStarted()) {
    const test = query.findTestCaseBy(started)
    assert.ok(query.findLineageBy(started)?.scenario, `test ${started.id} has a scenario`)
    assert.equal(query.findTestStepFinishedAndTestStepBy(started).length, test.testSteps.length, `test ${started.id} has all its steps`)
    assert.ok(query.findTestCaseFinishedBy(started), `test ${started.id} has ended`)
  }
  const attachments = envelopes.flatMap((envelope) => envelope.attachment ?? [])
  return {
    messages: envelopes.length,
    pickles: query.findAllPickles().length,
    statuses: query.countMostSevereTestStepResultStatus(),
    pictures: attachments.filter((attachment) => attachment.mediaType === 'image/svg+xml').length,
    attachments: attachments.length,
    success: query.findTestRunFinished().success,
  }
}

const envelopes = await read(from)
checkDocuments(envelopes)
const found = count(envelopes)
await pipeline(Readable.from(envelopes), new CucumberHtmlStream(), createWriteStream(to))
console.log(JSON.stringify(found))
