//! Blocking work: a job that owns its data runs in the pool, its end runs on the JavaScript thread.

use crate::turn::Env;
use anode_engine::{Root, Scope, Thrown};
use anode_event_loop::{WorkError, WorkId, WorkResult};
use std::any::Any;

/// What happens on the JavaScript thread when a job is done.
pub(crate) type Done = Box<dyn for<'s> FnOnce(&mut Scope<'s>, WorkResult) -> Result<(), Thrown>>;

impl Env {
    /// Runs `job` in the pool, then `done` with its result on this thread, in a turn of its own and in the async context of
    /// this call.
    pub fn run_in_pool<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
        done: impl for<'s> FnOnce(&mut Scope<'s>, T) -> Result<(), Thrown> + 'static,
    ) -> WorkId {
        self.run_in_pool_or(job, |sc, result| match result {
            Ok(value) => done(sc, value),
            Err(error) => Err(sc.throw_error(&format!("work in the thread pool failed: {error:?}"))),
        })
    }

    /// As [`Env::run_in_pool`]; `done` also learns that the job was cancelled, or panicked.
    pub fn run_in_pool_or<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
        done: impl for<'s> FnOnce(&mut Scope<'s>, Result<T, WorkError>) -> Result<(), Thrown> + 'static,
    ) -> WorkId {
        let id = self.events.borrow_mut().submit(Box::new(move || Box::new(job()) as Box<dyn Any + Send>));
        let context = Root::of_async_context();
        let done: Done = Box::new(move |sc, result| {
            if let Some(context) = context {
                let context = context.get(sc);
                sc.set_async_context(context);
            }
            let result = result.and_then(|value| match value.downcast::<T>() {
                Ok(value) => Ok(*value),
                Err(_) => Err(WorkError::Panicked("a job returned another type".to_owned())),
            });
            done(sc, result)
        });
        self.works.borrow_mut().insert(id, done);
        id
    }

    /// Takes back a job that has not begun; its `done` gets [`WorkError::Cancelled`].
    pub fn cancel_work(&self, id: WorkId) -> bool {
        self.events.borrow_mut().cancel(id)
    }
}
