/** An image of a sandbox that has lived: taking it, going on from it, and how large it is. */
import { median } from '../figures.mjs';

const WARM_UPS = 3;
const ROUNDS = 15;
const POOL_SIZE = 1;
const REFILL_MS = 10;

/** What the base image holds. */
const COMMON = `
import abc, ast, codecs, codeop, collections, collections.abc, contextlib, copy, copyreg, dataclasses, datetime
import encodings, encodings.aliases, encodings.latin_1, encodings.utf_8, encodings.utf_8_sig, enum, functools, genericpath
import importlib, importlib.machinery, inspect, io, itertools, json, json.decoder, json.encoder, json.scanner, keyword
import linecache, marshal, math, operator, os, posixpath, random, re, reprlib, site, stat, string, sys, textwrap, time
import token, tokenize, traceback, types, typing, warnings, weakref
`;

/** What it does not. */
const RARE = `
import argparse, asyncio, base64, bisect, calendar, cmath, colorsys, configparser, csv, decimal, difflib, email, fnmatch
import fractions, gettext, getopt, glob, graphlib, gzip, heapq, hmac, html, http, imaplib, ipaddress, locale, logging
import mimetypes, netrc, numbers, optparse, pathlib, pickle, pkgutil, plistlib, pprint, queue, quopri, sched, selectors
import shelve, shlex, shutil, socket, sqlite3, statistics, tarfile, tempfile, uuid, zipfile
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

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'images',
  title: 'Images of a sandbox: 1,000 objects, 50 modules, two open files',
  repeats: 1,
  async measure({ library }) {
    const guest = await library.PythonGuest.load();
    const pool = await library.createPool({ guest, size: POOL_SIZE });
    const sandbox = await library.Sandbox.create({ guest });
    await run(sandbox, COMMON + LIFE);
    const small = await (await sandbox.snapshot()).encode();
    await run(sandbox, RARE);
    /** @type {Record<'capture' | 'encode' | 'decode' | 'restore' | 'pooled', number[]>} */
    const times = { capture: [], encode: [], decode: [], restore: [], pooled: [] };
    let large = 0;
    for (let round = 0; round < WARM_UPS + ROUNDS; round++) {
      /**
       * @template T
       * @param {keyof typeof times} name
       * @param {() => Promise<T>} task
       */
      const clocked = async (name, task) => {
        const startedAt = performance.now();
        const result = await task();
        if (round >= WARM_UPS) times[name].push(performance.now() - startedAt);
        return result;
      };
      const image = await clocked('capture', () => sandbox.snapshot());
      const file = await clocked('encode', () => image.encode());
      large = file.length;
      const again = await clocked('decode', () => library.SandboxImage.decode(file));
      await goneOn(await clocked('restore', () => library.Sandbox.restore(again, { guest })));
      while (pool.ready < POOL_SIZE) await new Promise((resolve) => setTimeout(resolve, REFILL_MS));
      await goneOn(await clocked('pooled', () => pool.restore(again)));
    }
    sandbox.dispose();
    pool.dispose();
    return [
      { label: 'snapshot()', value: median(times.capture), unit: 'ms', target: 10 },
      { label: 'Sandbox.restore()', value: median(times.restore), unit: 'ms', target: 20 },
      { label: 'restore() of a pool', value: median(times.pooled), unit: 'ms', target: 20 },
      { label: 'image.encode()', value: median(times.encode), unit: 'ms' },
      { label: 'SandboxImage.decode()', value: median(times.decode), unit: 'ms' },
      {
        label: 'file, modules in the base image',
        value: small.length / 1000,
        unit: 'KB',
        target: 300,
      },
      { label: 'file, 50 modules that are not', value: large / 1000, unit: 'KB', target: 1500 },
    ];
  },
};

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
