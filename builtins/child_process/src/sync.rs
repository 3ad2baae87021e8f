//! Synchronous starts: a private loop is turned until the child and its pipes have ended.

use crate::options;
use anode_runtime::event_loop::{Bytes, Errno, Event, Key, Loop, ReadResult, SpawnOptions, StreamKind};
use anode_runtime::{Args, JsResult, Scope};

/// What to watch while the child runs.
struct Limits {
    /// Milliseconds; 0 for none.
    timeout_ms: u64,
    /// Bytes of all outputs together; infinite for none.
    max_buffer: f64,
    kill_signal: i32,
}

struct Pipe {
    input: Option<Vec<u8>>,
    readable: bool,
    writable: bool,
}

#[derive(Default)]
struct Outcome {
    error: Option<Errno>,
    output: Vec<Option<Vec<u8>>>,
    pid: i32,
    status: Option<(i32, i32)>,
}

const SIGKILL: i32 = 9;

/// `spawnSync(options)`: `{ pid, status, signal, output, error }`, with `signal` a number (0 for none) and `error` a negative
/// errno (0 for none). Options are those of `spawn`, and `timeout`, `maxBuffer`, `killSignal`.
pub(crate) fn spawn_sync<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = args.get(0);
    let timeout = sc.get(source, "timeout")?.as_f64().unwrap_or(0.0);
    let max_buffer = sc.get(source, "maxBuffer")?.as_f64().unwrap_or(f64::INFINITY);
    let kill_signal = sc.get(source, "killSignal")?.as_i32().unwrap_or(0);
    let limits = Limits { timeout_ms: timeout.max(0.0) as u64, max_buffer, kill_signal };
    let outcome = match options::read(sc, source)? {
        Ok(plan) => {
            let pipes = plan
                .pipes
                .into_iter()
                .map(|pipe| {
                    pipe.map(|pipe| Pipe { input: pipe.input, readable: pipe.readable, writable: pipe.writable })
                })
                .collect();
            run(plan.options, pipes, &limits)
        }
        Err(errno) => Outcome { error: Some(errno), ..Outcome::default() },
    };
    let result = sc.object();
    let value = sc.int(outcome.pid);
    sc.set(result, "pid", value)?;
    let (code, signal) = outcome.status.unwrap_or((-1, 0));
    let value = if outcome.status.is_none() || signal != 0 { sc.null() } else { sc.int(code) };
    sc.set(result, "status", value)?;
    let value = sc.int(signal);
    sc.set(result, "signal", value)?;
    let value = sc.int(outcome.error.map_or(0, |errno| -errno.raw_os_error()));
    sc.set(result, "error", value)?;
    let mut items = Vec::new();
    for output in outcome.output {
        items.push(match output {
            Some(bytes) => sc.uint8_array(bytes)?,
            None => sc.null(),
        });
    }
    let value = if outcome.pid == 0 { sc.null() } else { sc.array(&items) };
    sc.set(result, "output", value)?;
    Ok(result)
}

fn run(options: SpawnOptions, pipes: Vec<Option<Pipe>>, limits: &Limits) -> Outcome {
    match Loop::new() {
        Ok(events) => {
            let mut run =
                Run { child: None, events, killed: false, outcome: Outcome::default(), streams: Vec::new(), total: 0 };
            if let Err(errno) = run.start(options, pipes, limits) {
                run.outcome.error = Some(errno);
            } else {
                run.turn(limits);
            }
            run.outcome
        }
        Err(error) => Outcome { error: Errno::from_io_error(&error).or(Some(Errno::IO)), ..Outcome::default() },
    }
}

struct Run {
    child: Option<Key>,
    events: Loop,
    killed: bool,
    outcome: Outcome,
    /// Our ends of the pipes, by the child's descriptor.
    streams: Vec<(Key, usize)>,
    total: usize,
}

impl Run {
    fn start(&mut self, options: SpawnOptions, pipes: Vec<Option<Pipe>>, limits: &Limits) -> Result<(), Errno> {
        let spawned = self.events.spawn(options).map_err(|error| error.errno)?;
        self.child = Some(spawned.key);
        self.outcome.pid = spawned.pid;
        for (number, (pipe, fd)) in pipes.into_iter().zip(spawned.pipes).enumerate() {
            let (Some(pipe), Some(fd)) = (pipe, fd) else {
                self.outcome.output.push(None);
                continue;
            };
            let key = self.events.stream_open_nonblocking(fd, StreamKind::Unix);
            self.streams.push((key, number));
            self.outcome.output.push(pipe.writable.then(Vec::new));
            if pipe.readable {
                if let Some(input) = pipe.input
                    && !input.is_empty()
                {
                    // A child that closes its input early is not an error of ours: EPIPE counts as written.
                    let _written = self.events.write(key, vec![Bytes::Vec(input)]);
                }
                // Ends the input after what is queued.
                self.events.shutdown(key)?;
            }
            if pipe.writable {
                self.events.read_start(key)?;
            }
        }
        if limits.timeout_ms > 0 {
            let timer = self.events.timer_open();
            self.events.timer_start(timer, limits.timeout_ms, 0)?;
            self.events.set_ref(timer, false);
        }
        Ok(())
    }

    fn turn(&mut self, limits: &Limits) {
        while let Some(event) = self.events.next_event() {
            match event {
                Event::Timer(_) => self.kill(Errno::TIMEDOUT, limits),
                Event::ChildExit(_, status) => self.outcome.status = Some((status.code, status.signal)),
                Event::Read(key, ReadResult::Data(chunk, _)) => {
                    self.total += chunk.len();
                    if let Some((_, number)) = self.streams.iter().find(|(stream, _)| *stream == key)
                        && let Some(Some(output)) = self.outcome.output.get_mut(*number)
                    {
                        output.extend_from_slice(&chunk);
                    }
                    if self.total as f64 > limits.max_buffer {
                        self.kill(Errno::NOBUFS, limits);
                    }
                }
                _ => {}
            }
        }
    }

    /// Ends the child, and stops waiting for whoever else holds its pipes.
    fn kill(&mut self, reason: Errno, limits: &Limits) {
        if std::mem::replace(&mut self.killed, true) {
            return;
        }
        self.outcome.error.get_or_insert(reason);
        for (key, _) in std::mem::take(&mut self.streams) {
            self.events.close(key);
        }
        if let Some(child) = self.child
            && self.events.child_kill(child, limits.kill_signal).is_err()
        {
            // Not a signal that can be sent, or one not allowed; the child may have ended, too.
            let _ended = self.events.child_kill(child, SIGKILL);
        }
    }
}
