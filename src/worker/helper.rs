//! Helpers of an engine: the same program once more, each in a worker that the engine starts. Both sides of their talk are
//! here. A question is a text and numbers, an answer is numbers; their buffer goes to and fro and is never copied between
//! workers.

use crate::engine::data_parallel::{Helper, WorkerPool};
use crate::engine::microbatch::JobServer;
use crate::platform;
use burn::tensor::Device;
use futures_channel::mpsc::unbounded;
use js_sys::{Array, ArrayBuffer, Float32Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, Event, MessageEvent, Worker, WorkerOptions, WorkerType};

/// A worker of this name helps; the script that starts it waits for the compiled program then.
const NAME: &str = "helper";

/// A worker that has said nothing for this long after a question, nor for as long again, says nothing any more.
/// The page takes the engine for dead if it waits for longer (`ui::recover`).
const PATIENCE_SECONDS: f64 = 2.5;

/// A helper that starts has the program to compile first: it is looked at so many times.
const STARTING_LOOKS: u32 = 8;

/// A worker that ends when this is dropped.
struct Nested {
    worker: Worker,
    // The worker calls these; they must live as long as it does.
    _hears: Closure<dyn FnMut(MessageEvent)>,
    _dies: Closure<dyn FnMut(Event)>,
}

impl Drop for Nested {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// This engine and the helpers that it may start, on as many cores as the machine has.
pub fn team(scope: &DedicatedWorkerGlobalScope) -> WorkerPool {
    WorkerPool::new(scope.navigator().hardware_concurrency() as usize, Box::new(hire))
}

/// Starts a helper; none in a browser whose workers start none.
fn hire() -> Option<Helper> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name(NAME);
    let worker = Worker::new_with_options(&scope.location().href(), &options).ok()?;
    worker.post_message(&wasm_bindgen::module()).ok()?;
    let (tell, answers) = unbounded();
    // The number of the question that is open, and the buffer that came back with the last answer.
    let open = Rc::new(Cell::new(Some(0)));
    let spare = Rc::new(RefCell::new(None::<ArrayBuffer>));
    let (answered, back, told) = (open.clone(), spare.clone(), tell.clone());
    let hears = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let numbers: Float32Array = message.data().unchecked_into();
        answered.set(None);
        // Fails only when nobody waits any more.
        let _ = told.unbounded_send(numbers.to_vec());
        back.replace(Some(numbers.buffer().unchecked_into()));
    });
    let died = tell.clone();
    let dies = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        // Otherwise the page would hear of it as this engine's death.
        event.prevent_default();
        died.close_channel();
    });
    worker.set_onmessage(Some(hears.as_ref().unchecked_ref()));
    worker.set_onerror(Some(dies.as_ref().unchecked_ref()));
    let watched = Rc::downgrade(&open);
    platform::spawn_local(async move {
        let mut before = (None, 0);
        while let Some(now) = watched.upgrade().map(|open| open.get()) {
            let looks = if now == before.0 { before.1 + 1 } else { 0 };
            let most = if now == Some(0) { STARTING_LOOKS } else { 1 };
            if now.is_some() && looks >= most {
                return tell.close_channel();
            }
            before = (now, looks);
            platform::sleep(PATIENCE_SECONDS).await;
        }
    });
    let nested = Nested { worker, _hears: hears, _dies: dies };
    let asked = Cell::new(0_u32);
    let ask = move |head: &str, numbers: &[f32]| {
        asked.set(asked.get() + 1);
        open.set(Some(asked.get()));
        let fits = |buffer: &ArrayBuffer| buffer.byte_length() as usize >= size_of_val(numbers);
        let buffer =
            spare.take().filter(fits).unwrap_or_else(|| ArrayBuffer::new(size_of_val(numbers) as u32));
        let view = Float32Array::new_with_byte_offset_and_length(&buffer, 0, numbers.len() as u32);
        view.copy_from(numbers);
        let message = Array::of2(&head.into(), &view);
        // One that cannot be reached does not answer, and is given up then.
        let _ = nested.worker.post_message_with_transfer(&message, &Array::of1(&buffer));
    };
    Some(Helper { ask: Box::new(ask), answers })
}

/// Whether this worker is a helper.
pub fn is_one(scope: &DedicatedWorkerGlobalScope) -> bool {
    scope.name() == NAME
}

/// Answers what it is asked, for as long as it lives; an empty answer says that it is there.
pub fn serve(scope: &DedicatedWorkerGlobalScope, device: Device) {
    let mut server = JobServer::new(device);
    let speaks = scope.clone();
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let message: Array = message.data().unchecked_into();
        let view: Float32Array = message.get(1).unchecked_into();
        let head = message.get(0).as_string().unwrap_or_default();
        let answer = server.answer(&head, &view.to_vec()).unwrap_or_default();
        let length = answer.len() as u32;
        let view = if length <= view.length() {
            view.subarray(0, length)
        } else {
            Float32Array::new_with_length(length)
        };
        view.copy_from(&answer);
        let _ = speaks.post_message_with_transfer(&view, &Array::of1(&view.buffer()));
    });
    scope.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    let _ = scope.post_message(&Float32Array::new_with_length(0));
}
