//! Samples of the stack, for CPU profiles: a thread of its own asks for interrupts, and each interrupt saves the stack.
//!
//! The engine looks for interrupts at loop heads and function entries, so a sample inside of a long native call is taken at its end.

use crate::gc::Interrupter;
use crate::scope::Scope;
use mozjs::jsapi as sm;
use std::collections::HashMap;
use std::ptr;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Frames of a sample, at most.
const FRAMES_MAX: u32 = 128;
/// Samples of a profile, at most: at the usual interval, more than two hours.
const SAMPLES_MAX: usize = 8_000_000;

/// One frame of a sampled stack.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SampledFrame {
    /// The source's number, as `Debugger.Source.id` has it.
    pub source: u32,
    /// 1-based.
    pub line: u32,
    /// 1-based, in UTF-16 units.
    pub column: u32,
}

/// What was sampled.
#[derive(Default)]
pub struct Samples {
    /// When, in microseconds since the start, and which of `stacks`.
    pub samples: Vec<(u64, u32)>,
    /// Different stacks, innermost frame first.
    pub stacks: Vec<Vec<SampledFrame>>,
}

struct Sampler {
    begin: Instant,
    known: HashMap<Vec<SampledFrame>, u32>,
    samples: Samples,
    stop: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

/// The running sampler of a context, if any.
#[derive(Default)]
pub(crate) struct SamplerState(std::cell::RefCell<Option<Sampler>>);

impl SamplerState {
    /// Ends the thread that asks for interrupts. Before the context ends, as that thread reaches for it.
    pub(crate) fn end(&self) -> Samples {
        let Some(mut sampler) = self.0.take() else { return Samples::default() };
        // The thread may have ended by itself.
        let _sent = sampler.stop.send(());
        if let Some(thread) = sampler.thread.take() {
            let _ended = thread.join();
        }
        sampler.samples
    }
}

impl Scope<'_> {
    /// Samples the stack from now on, once now and then every `interval`. A sampler that runs already goes on instead.
    pub fn start_sampling(&mut self, interval: Duration) {
        if self.data().sampler.0.borrow().is_some() {
            return;
        }
        let interrupter = Interrupter::new(self.cx());
        let (stop, stopped) = mpsc::channel();
        let thread = std::thread::Builder::new().name("profiler".to_owned()).spawn(move || {
            while stopped.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                interrupter.sample();
            }
        });
        // Without a thread there are the samples of the start and of the end.
        let sampler = Sampler {
            begin: Instant::now(),
            known: HashMap::new(),
            samples: Samples::default(),
            stop,
            thread: thread.ok(),
        };
        self.data().sampler.0.replace(Some(sampler));
        self.take_sample();
    }

    /// Ends sampling, with a last sample. Empty if nothing was being sampled.
    pub fn stop_sampling(&mut self) -> Samples {
        self.take_sample();
        self.data().sampler.end()
    }

    /// Adds the stack of the running code to the samples.
    pub(crate) fn take_sample(&mut self) {
        if self.data().sampler.0.borrow().is_none() {
            return;
        }
        let stack = self.sampled_stack();
        if let Some(sampler) = &mut *self.data().sampler.0.borrow_mut() {
            if sampler.samples.samples.len() >= SAMPLES_MAX {
                return;
            }
            let at_us = sampler.begin.elapsed().as_micros() as u64;
            let next = sampler.known.len() as u32;
            let number = *sampler.known.entry(stack).or_insert_with_key(|stack| {
                sampler.samples.stacks.push(stack.clone());
                next
            });
            sampler.samples.samples.push((at_us, number));
        }
    }

    fn sampled_stack(&mut self) -> Vec<SampledFrame> {
        let cx = self.cx();
        let mut frames = Vec::new();
        mozjs::rooted!(in(cx) let mut frame = ptr::null_mut::<sm::JSObject>());
        mozjs::rooted!(in(cx) let none = ptr::null_mut::<sm::JSObject>());
        mozjs::rooted!(in(cx) let mut parent = ptr::null_mut::<sm::JSObject>());
        // SAFETY: rooted; the capture is a plain variant initialised by the engine.
        unsafe {
            let mut capture = std::mem::MaybeUninit::<sm::StackCapture>::uninit();
            sm::JS_StackCapture_MaxFrames(FRAMES_MAX, capture.as_mut_ptr());
            if !sm::CaptureCurrentStack(cx, hm!(frame), capture.as_mut_ptr(), h!(none)) {
                self.clear_exception();
                return frames;
            }
        }
        let visible = sm::SavedFrameSelfHosted::Exclude;
        while !frame.get().is_null() {
            let mut entry = SampledFrame { source: 0, line: 0, column: 0 };
            // SAFETY (loop body): everything is rooted, out-parameters are roots or plain integers.
            unsafe {
                sm::GetSavedFrameSourceId(cx, ptr::null_mut(), h!(frame), &mut entry.source, visible);
                sm::GetSavedFrameLine(cx, ptr::null_mut(), h!(frame), &mut entry.line, visible);
                let mut column: sm::TaggedColumnNumberOneOrigin = std::mem::zeroed();
                sm::GetSavedFrameColumn(cx, ptr::null_mut(), h!(frame), &mut column, visible);
                entry.column = column.value_;
                parent.set(ptr::null_mut());
                sm::GetSavedFrameParent(cx, ptr::null_mut(), h!(frame), hm!(parent), visible);
            }
            frame.set(parent.get());
            if entry.line > 0 {
                frames.push(entry);
            }
        }
        frames
    }
}
