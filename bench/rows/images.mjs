/** An image of a sandbox that has lived: taking it, going on from it, and how large it is. */
import { median } from '../figures.mjs';

const WARM_UPS = 3;
const ROUNDS = 15;

/** 1,000 objects, 50 modules that the base image does not hold but in part, two open files. */
const PROGRAM = `
import argparse, ast, asyncio, base64, bisect, calendar, cmath, codecs, collections, colorsys, configparser
import contextlib, copy, csv, dataclasses, datetime, decimal, difflib, dis, email, enum, fnmatch, fractions
import functools, gettext, glob, graphlib, hashlib, heapq, hmac, html, http, inspect, io, itertools, json, logging
import math, operator, os, pathlib, pprint, queue, random, re, sched, shelve, statistics, string, textwrap, uuid
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
  title: 'Images of a sandbox: 1,000 objects, 60 modules, two open files',
  repeats: 1,
  async measure({ library }) {
    const guest = await library.PythonGuest.load();
    const sandbox = await library.Sandbox.create({ guest });
    const outcome = await sandbox.run(PROGRAM);
    if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
    /** @type {Record<'capture' | 'encode' | 'restore' | 'fork', number[]>} */
    const times = { capture: [], encode: [], restore: [], fork: [] };
    let bytes = 0;
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
      bytes = file.length;
      const twin = await clocked('restore', () => library.Sandbox.restore(image, { guest }));
      if ((await twin.evaluate('len(things) + one.tell()')) !== 2000)
        throw new Error('not as it was');
      twin.dispose();
      (await clocked('fork', () => sandbox.fork())).dispose();
    }
    sandbox.dispose();
    return [
      { label: 'snapshot()', value: median(times.capture), unit: 'ms', target: 10 },
      { label: 'Sandbox.restore()', value: median(times.restore), unit: 'ms', target: 20 },
      { label: 'fork()', value: median(times.fork), unit: 'ms' },
      { label: 'image.encode()', value: median(times.encode), unit: 'ms' },
      { label: 'image as a file', value: bytes / 1000, unit: 'KB', target: 1500 },
    ];
  },
};
