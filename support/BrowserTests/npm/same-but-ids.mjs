import assert from 'node:assert/strict'

const idNames = new Set(['id', 'astNodeId', 'astNodeIds'])

/** Two values are the same, but that each id of one stands for another id in the other, always the same. */
export function sameButIds(ours, theirs, ids, place) {
  if (Array.isArray(theirs)) {
    assert.ok(Array.isArray(ours), place)
    assert.equal(ours.length, theirs.length, `${place}: length`)
    theirs.forEach((item, index) => sameButIds(ours[index], item, ids, `${place}[${index}]`))
  } else if (theirs !== null && typeof theirs === 'object') {
    assert.deepEqual(names(ours), names(theirs), place)
    for (const name of names(theirs)) (idNames.has(name) ? sameIds : sameButIds)(ours[name], theirs[name], ids, `${place}.${name}`)
  } else {
    assert.equal(ours, theirs, place)
  }
}

function sameIds(ours, theirs, ids, place) {
  const pairs = Array.isArray(theirs) ? theirs.map((id, index) => [id, ours[index]]) : [[theirs, ours]]
  assert.equal([ours].flat().length, pairs.length, `${place}: length`)
  for (const [theirId, ourId] of pairs) {
    if (!ids.has(theirId)) ids.set(theirId, ourId)
    assert.equal(ourId, ids.get(theirId), place)
  }
}

function names(value) {
  return Object.keys(value).filter((name) => value[name] !== undefined).sort()
}
