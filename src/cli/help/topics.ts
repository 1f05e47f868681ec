/** What help says of commands besides their options: what they are for, in groups, and examples to copy. */

export interface Example {
  /** What follows `rollcall`. */
  readonly typed: string;
  /** What it does, in a few words. */
  readonly does: string;
}

export interface Topic {
  readonly heading: string;
  /** By what is typed, such as `audit list`; a group of commands has no examples of its own. */
  readonly commands: Readonly<Record<string, readonly Example[]>>;
}

const example = (typed: string, does: string): Example => ({ typed, does });

/** In the order in which somebody meets them. */
export const topics: readonly Topic[] = [
  {
    heading: 'Try it, and set it up:',
    commands: {
      demo: [
        example('demo', 'watch it work, and play with it'),
        example('demo --once', 'the same, and end there'),
      ],
      config: [],
      'config validate': [
        example('config validate', 'look the usual file over'),
        example('config validate --config new.yaml', 'another one'),
      ],
      'config explain': [example('config explain', 'for whoever has to agree with the rules')],
      'config schema': [
        example('config schema > rollcall.schema.json', 'completion and checks in an editor'),
      ],
      check: [
        example('check', 'after each change of the configuration'),
        example('check --json', 'for a monitor'),
      ],
      notify: [],
      'notify test': [
        example('notify test', 'a test message to everybody who is told when something goes wrong'),
        example('notify test ops', 'through the channel ops alone'),
      ],
      setup: [
        example('setup', 'show what the account has'),
        example('setup --preference language=en', 'set one preference'),
      ],
      sandbox: [example('sandbox --port 8090', 'a profile API to try a configuration on')],
      completion: [
        example('completion bash >> ~/.bashrc', 'for bash, from the next shell on'),
        example('completion zsh > ~/.zfunc/_rollcall', 'for zsh, where ~/.zfunc is in fpath'),
        example('completion fish > ~/.config/fish/completions/rollcall.fish', 'for fish'),
      ],
    },
  },
  {
    heading: 'Plan and apply:',
    commands: {
      start: [
        example('start', 'schedule, workers and all'),
        example('start --role worker', 'one more worker beside others'),
      ],
      plan: [
        example('plan --user you@example.com', 'begin with yourself'),
        example('plan', 'a dry run of all sources'),
        example('plan --source corp --html plan.html', 'a report to send to somebody who decides'),
        example('plan --with new.yaml', 'what another configuration would do otherwise'),
        example('plan --source corp --from people.ldif', 'an LDIF file in place of the directory'),
      ],
      resync: [
        example('resync --wait', 'from cron, without a service'),
        example('resync --user ann@example.com --wait', 'one person, now'),
        example('resync --source corp --mode delta', 'what has changed in one source'),
        example(
          'resync --source corp --wait --raise maxShrink=1200 --reason "Vienna was sold"',
          'a guard gives way, in this run',
        ),
      ],
      approve: [
        example('approve k3v9m2wt --reason "read by Ada"', 'release what was shown'),
        example('approve k3v9m2wt --wait --reason "read by Ada"', 'and wait until it is done'),
      ],
      reject: [example('reject k3v9m2wt --reason "wrong filter"', 'drop it; the next run plans anew')],
    },
  },
  {
    heading: 'See how things are:',
    commands: {
      status: [
        example('status', 'all that matters on one screen'),
        example('status --watch', 'and again every two seconds'),
        example('status --server https://rollcall.example.com', 'of a service elsewhere'),
      ],
      runs: [
        example('runs', 'the latest'),
        example('runs k3v9m2wt', 'one with its plan, and what became of it'),
        example('runs k3v9m2wt --html run.html', 'the same as a report to send'),
      ],
      operations: [
        example('operations --failed', 'what went wrong'),
        example('operations --run k3v9m2wt --state done', 'what one run did'),
      ],
      explain: [
        example('explain ann@example.com', 'why something happened to her, or did not'),
        example('explain ann@example.com --json', 'the same for machines'),
      ],
      audit: [],
      'audit list': [
        example('audit list --who ann@example.com', 'all that was done to one person'),
        example('audit list --since 2026-03-01 --limit 200', 'since a day'),
      ],
      'audit export': [example('audit export --format csv --out audit.csv', 'for a spreadsheet')],
      'audit verify': [
        example('audit verify', 'the log as it is in the store'),
        example('audit verify --archive data/archive/*.jsonl', 'with what has moved to files'),
      ],
    },
  },
  {
    heading: 'Decide about people:',
    commands: {
      conflicts: [example('conflicts --source corp', 'whom the rules could not settle')],
      offboard: [
        example('offboard ann@example.com --reason "left today, ticket 4711"', 'ahead of all other work'),
        example(
          'offboard ann@example.com --at 2026-03-31 --reason "end of contract"',
          'at the end of that day',
        ),
        example('offboard --list', 'who has left, or will'),
      ],
      reinstate: [example('reinstate ann@example.com --reason "came back"', 'the rules count again')],
      adopt: [
        example('adopt ann@example.com --profile 4711 --reason "rehired in March"', 'the profile is hers'),
      ],
      unadopt: [
        example('unadopt ann@example.com --reason "the wrong Ann"', 'before a run has carried it out'),
      ],
      ignore: [example('ignore ext-auditor --reason "managed by hand"', 'no run touches them')],
      unignore: [example('unignore ext-auditor --reason "now in HR"', 'the rules count again')],
      'invite-again': [example('invite-again bob@example.com --reason "lost the mail"', 'one more mail')],
    },
  },
  {
    heading: 'Put things right:',
    commands: {
      retry: [
        example('retry k3v9m2wt.17', 'one operation'),
        example('retry --source corp --saying "licence"', 'all that failed for one cause'),
      ],
      discard: [example('discard --run k3v9m2wt --reason "mended by hand"', 'all failed ones of a run')],
      undo: [
        example('undo k3v9m2wt', 'look at the plan first'),
        example('undo k3v9m2wt --reason "wrong filter"', 'reactivate at once whom that run deactivated'),
      ],
      pause: [
        example('pause --reason "the import is wrong"', 'write nothing, until it is resumed'),
        example('pause --source corp --until 2026-03-31T17:00 --reason "new rules"', 'one source alone'),
      ],
      resume: [example('resume --source corp --reason "rules tried out"', 'and make up what was missed')],
      quarantine: [],
      'quarantine clear': [
        example('quarantine clear corp --reason "rights given back"', 'read it by its schedule again'),
      ],
      backup: [example('backup', 'a file of all users of the org')],
      restore: [
        example(
          'restore data/backups/org-20260301T030000Z-k3v9m2wt.csv',
          'plans it, and changes nothing yet',
        ),
      ],
    },
  },
];
