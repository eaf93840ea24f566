/** An image of a sandbox that has lived: taking it, going on from it, and how large it is. */
import { median } from '../figures.mjs';

const WARM_UPS = 3;
const ROUNDS = 15;
const POOL_SIZE = 1;
const REFILL_MS = 10;
/** Until workers that come in the place of others are there. */
const QUIET_MS = 200;
const MODULE_COUNT = '__import__("sys").modules.__len__()';

/** What the base image holds. */
const COMMON = `
import abc, ast, codecs, codeop, collections, collections.abc, contextlib, copy, copyreg, dataclasses, datetime
import encodings, encodings.aliases, encodings.latin_1, encodings.utf_8, encodings.utf_8_sig, enum, functools, genericpath
import importlib, importlib.machinery, inspect, io, itertools, json, json.decoder, json.encoder, json.scanner, keyword
import linecache, marshal, math, operator, os, posixpath, random, re, reprlib, site, stat, string, sys, textwrap, time
import token, tokenize, traceback, types, typing, warnings, weakref
`;

/** 54 modules that it does not hold, those that they import themselves included. */
const OTHERS = `
import argparse, base64, bisect, calendar, csv, decimal, difflib, fractions, glob, hashlib, heapq, html, logging, pathlib
import pickle, pprint, queue, shutil, sqlite3, statistics, tempfile, uuid
`;

/** Most of the library that programs ask for: 129 modules. */
const MANY = `${OTHERS}
import asyncio, cmath, colorsys, configparser, email, fnmatch, getopt, gettext, graphlib, gzip, hmac, http, imaplib
import ipaddress, locale, mimetypes, netrc, numbers, optparse, pkgutil, plistlib, quopri, sched, selectors, shelve, shlex
import socket, tarfile, zipfile
`;

const LIFE = `
class Thing:
    def __init__(self, number):
        self.number, self.name, self.tags = number, f'thing {number}', {number: [number]}
things = [Thing(number) for number in range(1000)]
one, other = open('/home/one.txt', 'w+'), open('/tmp/other.txt', 'w+')
one.write('x' * 1000)
one.flush()
`;

/**
 * `modules`: how many a guest has at least that the base image does not hold.
 * @type {{ name: string, program: string, modules: number, targets?: { file: number } }[]}
 */
const LIVES = [
  {
    name: 'modules of the base image',
    program: COMMON,
    modules: 0,
    targets: { file: 300 },
  },
  { name: '50 others', program: OTHERS, modules: 50, targets: { file: 1500 } },
  { name: '129 others', program: MANY, modules: 129 },
];

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'images',
  title: 'Images of a sandbox: 1,000 objects, 50 modules, two open files',
  repeats: 1,
  hosts: ['chromium', 'firefox', 'node'],
  async measure({ library }) {
    const guest = await library.PythonGuest.load();
    const pool = await library.createPool({ guest, size: POOL_SIZE });
    const figures = [];
    for (const life of LIVES) figures.push(...(await measureLife(library, guest, pool, life)));
    pool.dispose();
    return figures;
  },
};

/**
 * @param {import('../figures.mjs').Library} library
 * @param {import('../../src/index').PythonGuest} guest
 * @param {import('../../src/index').SandboxPool} pool
 * @param {typeof LIVES[number]} life
 */
async function measureLife({ Sandbox, SandboxImage }, guest, pool, life) {
  const sandbox = await Sandbox.create({ guest });
  const before = await sandbox.evaluate(MODULE_COUNT);
  await run(sandbox, COMMON + life.program + LIFE);
  const more = Number(await sandbox.evaluate(MODULE_COUNT)) - Number(before);
  if (more < life.modules) throw new Error(`${more} modules instead of ${life.modules}`);
  /** @type {Record<'capture' | 'encode' | 'decode' | 'restore' | 'pooled', number[]>} */
  const times = { capture: [], encode: [], decode: [], restore: [], pooled: [] };
  let fileBytes = 0;
  for (let round = 0; round < WARM_UPS + ROUNDS; round++) {
    /**
     * @template T
     * @param {keyof typeof times} name
     * @param {() => Promise<T>} task
     */
    const clocked = async (name, task) => {
      await pause(QUIET_MS);
      const startedAt = performance.now();
      const result = await task();
      if (round >= WARM_UPS) times[name].push(performance.now() - startedAt);
      return result;
    };
    const image = await clocked('capture', () => sandbox.snapshot());
    const file = await clocked('encode', () => image.encode());
    fileBytes = file.length;
    const again = await clocked('decode', () => SandboxImage.decode(file));
    await goneOn(await clocked('restore', () => Sandbox.restore(again, { guest })));
    while (pool.ready < POOL_SIZE) await pause(REFILL_MS);
    await goneOn(await clocked('pooled', () => pool.restore(again)));
  }
  sandbox.dispose();
  const { name, targets } = life;
  const target = (/** @type {number} */ most) => (targets ? { target: most } : {});
  return [
    { label: `${name}: snapshot()`, value: median(times.capture), unit: 'ms', ...target(10) },
    {
      label: `${name}: Sandbox.restore()`,
      value: median(times.restore),
      unit: 'ms',
      ...target(20),
    },
    {
      label: `${name}: restore() of a pool`,
      value: median(times.pooled),
      unit: 'ms',
      ...target(20),
    },
    { label: `${name}: image.encode()`, value: median(times.encode), unit: 'ms' },
    { label: `${name}: SandboxImage.decode()`, value: median(times.decode), unit: 'ms' },
    {
      label: `${name}: file`,
      value: fileBytes / 1000,
      unit: 'KB',
      ...(targets && { target: targets.file }),
    },
  ];
}

/** @param {number} durationMs */
function pause(durationMs) {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

/**
 * @param {import('../../src/index').Sandbox} sandbox
 * @param {string} program
 */
async function run(sandbox, program) {
  const outcome = await sandbox.run(program);
  if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
}

/** @param {import('../../src/index').Sandbox} twin */
async function goneOn(twin) {
  if ((await twin.evaluate('len(things) + one.tell()')) !== 2000) throw new Error('not as it was');
  twin.dispose();
}
