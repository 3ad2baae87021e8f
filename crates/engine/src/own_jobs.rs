//! Queues of promise jobs that belong to one realm: of contexts whose jobs run after their scripts only.
//!
//! The engine has a single queue. A job whose realm has a queue of its own is moved there when its turn comes, or when that queue
//! is run, whichever is first: nothing can tell the difference, as the order within a realm stays.
//!
//! **Invariant:** the queue is an array in a slot of the realm's global object and nowhere else, so it dies with the realm.

use crate::root::Root;
use crate::scope::{Local, Scope};
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsval;

/// Slot of a global object: undefined without a queue of its own, null while that is empty, else an array that alternates jobs
/// and what they carry (undefined: see the job).
const JOBS_SLOT: u32 = 0;

/// A queue that is being run.
pub(crate) struct OwnJobs {
    global: Root,
    batch: Option<Root>,
    next: u32,
    /// Jobs of other realms that were queued meanwhile, and what they carry.
    others: Vec<(Root, Option<Root>)>,
}

impl<'s> Scope<'s> {
    /// Gives a global object a job queue of its own: [`Scope::run_jobs`] leaves its realm's jobs alone.
    pub fn make_own_job_queue(&mut self, global: Local<'_>) {
        set_slot(global, &jsval::NullValue());
        self.data().jobs.note_own_queue();
    }

    /// As [`Scope::run_jobs`], for the jobs of one realm only, which has a queue of its own. After a job was terminated the rest of
    /// the queue is dropped.
    pub fn run_jobs_of(&mut self, global: Local<'_>, uncaught: impl FnMut(&mut Scope<'_>, Local<'_>)) -> bool {
        let mut own = OwnJobs { global: Root::new(self, global), batch: None, next: 0, others: Vec::new() };
        let completed = self.run_all_jobs(uncaught, false, Some(&mut own));
        if !completed {
            own.sort(self);
            set_slot(global, &jsval::NullValue());
        }
        for (task, carried) in own.others {
            self.queue_again(&task, carried);
        }
        completed
    }

    /// Puts a job to the end of the engine's queue.
    fn queue_again(&mut self, task: &Root, carried: Option<Root>) {
        let cx = self.cx();
        mozjs::rooted!(in(cx) let task = task.value());
        // SAFETY: a job that the engine made, and handed to us; it is rooted.
        if unsafe { sm::EnqueueMicroTask(cx, task.as_ptr()) }
            && let Some(carried) = carried
        {
            // SAFETY: reads a counter of this thread's context.
            let behind = unsafe { sm::GetRegularMicroTaskCount(cx) } as u64 - 1;
            self.data().jobs.put_side(behind, carried);
        }
    }

    /// Moves a job to the queue of its realm; false if that has none.
    pub(crate) fn keep_own_job(&mut self, global: *mut sm::JSObject, task: sm::Value, carried: sm::Value) -> bool {
        if slot(global).is_undefined() {
            return false;
        }
        self.nested(|sc| {
            let global = sc.local(jsval::ObjectValue(global));
            let (task, carried) = (sc.local(task), sc.local(carried));
            let known = slot(global.object_ptr());
            let jobs = if known.is_object() { sc.local(known) } else { sc.array(&[]) };
            if !known.is_object() {
                set_slot(global, &jobs.raw());
            }
            let length = sc.array_length(jobs);
            for (index, value) in [(length, task), (length + 1, carried)] {
                root_object!(sc, jobs = jobs);
                // SAFETY: everything is rooted; an array takes any element, so this fails only when out of memory, which ends
                // the process.
                unsafe {
                    sm::JS_DefineElement(sc.cx(), h!(jobs), index, value.handle(), u32::from(sm::JSPROP_ENUMERATE))
                };
            }
        });
        true
    }
}

impl OwnJobs {
    /// The next job of the realm and what it carries.
    pub(crate) fn next(&mut self, sc: &mut Scope<'_>) -> Option<(sm::Value, Option<Root>)> {
        self.sort(sc);
        loop {
            if let Some(batch) = &self.batch {
                let found = sc.nested(|sc| {
                    let batch = batch.get(sc);
                    if self.next >= sc.array_length(batch) {
                        return None;
                    }
                    // The elements are the array's own: nothing is called, nothing fails.
                    let carried = sc.get_index(batch, self.next + 1).ok()?;
                    let carried = carried.is_object().then(|| Root::new(sc, carried));
                    // Last, and rooted by the caller before anything else: nothing may collect behind it.
                    let task = sc.get_index(batch, self.next).ok()?;
                    Some((task.raw(), carried))
                });
                self.next += 2;
                if found.is_some() {
                    return found;
                }
            }
            let global = self.global.get(sc);
            let waiting = slot(global.object_ptr());
            if !waiting.is_object() {
                return None;
            }
            self.batch = Some(Root::from_raw(sc.data(), waiting));
            self.next = 0;
            set_slot(global, &jsval::NullValue());
        }
    }

    /// Empties the engine's queue: jobs go to the queues of their realms, or wait in `others`.
    fn sort(&mut self, sc: &mut Scope<'_>) {
        let cx = sc.cx();
        let data = sc.data();
        mozjs::rooted!(in(cx) let mut task = jsval::UndefinedValue());
        // SAFETY: the protocol of js/friend/MicroTask.h; the task is rooted until it is in a queue.
        unsafe {
            while sm::HasAnyMicroTasks(cx) {
                glue::JS_DequeueNextMicroTask(cx, hm!(task));
                let side = data.jobs.take_next_side();
                if !sm::IsJSMicroTask(task.as_ptr()) {
                    self.others.push((Root::from_raw(data, task.get()), None));
                    continue;
                }
                let global = sm::GetExecutionGlobalFromJSMicroTask(sm::ToMaybeWrappedJSMicroTask(task.as_ptr()));
                let carried = side.as_ref().map_or(jsval::UndefinedValue(), Root::value);
                if !global.is_null() && !sc.keep_own_job(global, task.get(), carried) {
                    self.others.push((Root::from_raw(data, task.get()), side));
                }
            }
        }
    }
}

fn slot(global: *mut sm::JSObject) -> sm::Value {
    let mut value = jsval::UndefinedValue();
    // SAFETY: a live global object; all of ours have slots for the embedder.
    unsafe { glue::JS_GetReservedSlot(global, JOBS_SLOT, &mut value) };
    value
}

fn set_slot(global: Local<'_>, value: &sm::Value) {
    // SAFETY: as in `slot`; the engine runs its barriers.
    unsafe { sm::JS_SetReservedSlot(global.object_ptr(), JOBS_SLOT, value) };
}
