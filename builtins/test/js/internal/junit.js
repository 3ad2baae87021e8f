/** The JUnit reporter: XML for build servers. */
'use strict';

const { inspect } = require('internal/util/inspect');
const { hostname } = require('os');

function escapeAttribute(text) {
  return escapeContent(String(text)).replace(/["\n]/g, (char) => char === '"' ? '&quot;' : '&#10;');
}

function escapeContent(text) {
  return text.replace(/(&)|(<)/g, (_all, amp) => amp ? '&amp;' : '&lt;');
}

function escapeComment(text) {
  return text.replace(/--/g, '&#45;&#45;');
}

function toXML(node) {
  if (typeof node === 'string') return `${escapeContent(node)}\n`;
  const { tag, attrs, nesting, children, comment } = node;
  const indent = '\t'.repeat(nesting + 1);
  if (comment !== undefined) return `${indent}<!-- ${escapeComment(comment)} -->\n`;
  const attributes = Object.entries(attrs).filter(({ 1: value }) => value !== undefined)
    .map(({ 0: name, 1: value }) => `${name}="${escapeAttribute(value)}"`).join(' ');
  if (!children?.length) return `${indent}<${tag} ${attributes}/>\n`;
  return `${indent}<${tag} ${attributes}>\n${children.map(toXML).join('')}${indent}</${tag}>\n`;
}

function seconds(duration_ms) {
  return (duration_ms / 1000).toFixed(6);
}

function isFailure(node) {
  return node?.children?.some((child) => child.tag === 'failure') || node?.attrs?.failures > 0;
}

function isSkipped(node) {
  return node?.children?.some((child) => child.tag === 'skipped') || node?.attrs?.skipped > 0;
}

/** The error as text; without its own inspection where that throws. */
function inspected(error) {
  try {
    return inspect(error, { breakLength: Infinity });
  } catch {
    return inspect(error, { breakLength: Infinity, customInspect: false });
  }
}

async function* junitReporter(source) {
  yield '<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n';
  let current = null;
  const roots = [];
  const start = ({ name, nesting }) => {
    const parent = current;
    current = { attrs: { __proto__: null, name }, nesting, parent, children: [] };
    if (nesting !== 0 && parent !== null) parent.children.push(current);
    if (nesting === 0 || parent === null) roots.push(current);
  };
  for await (const { type, data } of source) {
    switch (type) {
      case 'test:start':
        start(data);
        break;
      case 'test:pass':
      case 'test:fail': {
        current ??= { attrs: {}, nesting: data.nesting, parent: null, children: [] };
        if (current.attrs.name !== data.name || current.nesting !== data.nesting) start(data);
        const node = current;
        node.attrs.time = seconds(data.details.duration_ms);
        const tests = node.children.filter((child) => child.comment === undefined);
        if (tests.length > 0) {
          node.tag = 'testsuite';
          node.attrs.disabled = 0;
          node.attrs.errors = 0;
          node.attrs.tests = tests.length;
          node.attrs.failures = tests.filter(isFailure).length;
          node.attrs.skipped = tests.filter(isSkipped).length;
          node.attrs.timestamp = new Date(Date.now() - data.details.duration_ms).toISOString();
          node.attrs.hostname = hostname();
        } else {
          node.tag = 'testcase';
          node.attrs.classname = data.classname ?? 'test';
          node.attrs.file = data.file;
          if (data.skip !== undefined) {
            node.children.push({ nesting: node.nesting + 1, tag: 'skipped', attrs: { type: 'skipped', message: data.skip } });
          }
          if (data.todo !== undefined) {
            node.children.push({ nesting: node.nesting + 1, tag: 'skipped', attrs: { type: 'todo', message: data.todo } });
          }
          if (type === 'test:fail') {
            const { error } = data.details;
            node.children.push({
              nesting: node.nesting + 1, tag: 'failure',
              attrs: { type: error?.failureType || error?.code, message: error?.message?.trim() ?? '' },
              children: [inspected(error)],
            });
            node.failures = 1;
            node.attrs.failure = error?.message ?? '';
          }
        }
        current = node.parent;
        if (node.nesting === 0) {
          while (roots.length > 0) yield toXML(roots.shift());
          current = null;
        }
        break;
      }
      case 'test:diagnostic': {
        const parent = current?.children ?? roots;
        const comment = { nesting: data.nesting, comment: data.message };
        if (current === null) yield toXML(comment);
        else parent.push(comment);
        break;
      }
      default:
    }
  }
  for (const root of roots) yield toXML(root);
  yield '</testsuites>\n';
}

module.exports = junitReporter;
