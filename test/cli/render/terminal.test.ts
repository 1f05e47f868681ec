import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createTerminal, endQuietlyWith, type Output } from '../../../src/cli/render/index.ts';

interface Recorded {
  readonly stream: Output;
  text(): string;
}

function output(tty: { readonly columns: number } | undefined = undefined): Recorded {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return {
    stream: tty === undefined ? stream : Object.assign(stream, { isTTY: true, columns: tty.columns }),
    text: () => text,
  };
}

function open({
  tty = false,
  json = false,
  env = {},
}: {
  tty?: boolean;
  json?: boolean;
  env?: NodeJS.ProcessEnv;
} = {}) {
  const stdout = output(tty ? { columns: 100 } : undefined);
  const stderr = output(tty ? { columns: 100 } : undefined);
  const terminal = createTerminal({ stdout: stdout.stream, stderr: stderr.stream, env, json });
  return { terminal, stdout, stderr };
}

describe('in a pipe', () => {
  it('there are plain lines without colours or cursor codes, and no progress', () => {
    const { terminal, stdout, stderr } = open();
    const progress = terminal.progress('Reading');
    progress.update({ done: 1, total: 2 });
    terminal.line(terminal.colour.red('a plan'));
    progress.stop();

    expect(stdout.text()).toBe('a plan\n');
    expect(stderr.text()).toBe('');
    expect(terminal.width).toBe(Number.POSITIVE_INFINITY);
    expect(terminal.isInteractive).toBe(false);
  });

  it('FORCE_COLOR gives colours, and no cursor codes', () => {
    const { terminal, stdout } = open({ env: { FORCE_COLOR: '1' } });
    terminal.line(terminal.colour.red('a plan'));

    expect(stdout.text()).toBe('\u001b[31ma plan\u001b[39m\n');
  });
});

describe('on a terminal', () => {
  it('there are colours, unless the environment asks for none', () => {
    expect(open({ tty: true }).terminal.colour.isColorSupported).toBe(true);
    for (const env of [{ NO_COLOR: '1', FORCE_COLOR: '1' }, { FORCE_COLOR: '0' }, { TERM: 'dumb' }]) {
      expect(open({ tty: true, env }).terminal.colour.isColorSupported).toBe(false);
    }
    expect(open({ tty: true, env: { NO_COLOR: '' } }).terminal.colour.isColorSupported).toBe(true);
  });

  it('the width is that of the window', () => {
    expect(open({ tty: true }).terminal.width).toBe(100);
  });

  it('progress is on stderr, and other output pushes it down', () => {
    const { terminal, stdout, stderr } = open({ tty: true });
    const progress = terminal.progress('Reading');
    progress.update({ done: 1, total: 2 });
    terminal.note('By the way.');
    progress.stop();

    expect(stdout.text()).toBe('');
    expect(stderr.text()).toMatch(/Reading .*1\/2\r.{3}By the way\.\n\r.{3}Reading .*1\/2\r.{3}$/);
  });

  it('a second progress replaces the first', () => {
    const { terminal, stderr } = open({ tty: true });
    const first = terminal.progress('First');
    first.update({ done: 1 });
    terminal.progress('Second').update({ done: 2 });
    first.update({ done: 3 });
    first.stop();
    terminal.note('Still counting.');

    expect(stderr.text()).toMatch(/Still counting\.\n\r.{3}Second: 2$/);
    expect(stderr.text()).not.toContain('First: 3');
  });

  it('what somebody has put into a text moves no cursor', () => {
    const { terminal, stdout } = open({ tty: true });
    terminal.line('eve\u001b[2J\u0007');

    expect(stdout.text()).toBe(`${String.raw`eve\x1b[2J\x07`}\n`);
  });
});

describe('with --json', () => {
  it('stdout has one JSON document and nothing else, even on a terminal', () => {
    const { terminal, stdout, stderr } = open({ tty: true, json: true });
    terminal.progress('Reading').update({ done: 1, total: 2 });
    terminal.line('For people.');
    terminal.note('By the way.');
    terminal.json({ name: 'Zoë\u009b31m', count: 1 });

    expect(JSON.parse(stdout.text())).toEqual({ name: 'Zoë\u009b31m', count: 1 });
    expect(stdout.text()).not.toContain('\u009b');
    expect(stderr.text()).toBe('For people.\nBy the way.\n');
  });

  it('a second document is a mistake', () => {
    const { terminal } = open({ json: true });
    terminal.json([]);

    expect(() => terminal.json([])).toThrow(/second/);
  });
});

it('a reader that has seen enough is no failure', () => {
  const { stdout } = open();
  endQuietlyWith(stdout.stream);
  const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });

  expect(() => stdout.stream.emit('error', gone)).not.toThrow();
  expect(() => stdout.stream.emit('error', new Error('disk full'))).toThrow('disk full');
});
