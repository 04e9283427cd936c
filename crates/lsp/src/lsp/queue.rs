//! The queue of the analysis thread. Successive changes to a text are merged, and a request that was answered
//! elsewhere is removed.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Receiver, Sender, bounded};
use lsp_server::{Notification, Request, RequestId};

use super::texts::OpenText;

/// One item of work.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// The editor opened a text.
    Open(PathBuf, OpenText),
    /// The editor changed a text.
    Change(PathBuf, OpenText),
    /// The editor closed a text.
    Close(PathBuf),
    /// Any other notification.
    Notification(Notification),
    /// A request.
    Request(Arc<Request>),
}

type Items = Arc<Mutex<VecDeque<Work>>>;

/// The sending end of the queue. Dropping it clears the queue.
#[derive(Debug)]
pub(super) struct WorkSender {
    items: Items,
    wake: Sender<()>,
}

/// The receiving end of the queue.
#[derive(Debug)]
pub(super) struct WorkReceiver {
    items: Items,
    /// Receives a signal when there is work. It is disconnected when the sending end is dropped.
    pub(super) wake: Receiver<()>,
}

/// An empty queue.
pub(super) fn queue() -> (WorkSender, WorkReceiver) {
    let items = Items::default();
    let (sender, receiver) = bounded(1);
    (WorkSender { items: Arc::clone(&items), wake: sender }, WorkReceiver { items, wake: receiver })
}

fn lock(items: &Items) -> MutexGuard<'_, VecDeque<Work>> {
    items.lock().unwrap_or_else(PoisonError::into_inner)
}

impl WorkSender {
    /// Adds work. A change is merged into an earlier change of the same text, unless a request comes between them.
    pub(super) fn push(&self, work: Work) {
        let mut items = lock(&self.items);
        if let Work::Change(path, text) = &work {
            for item in items.iter_mut().rev() {
                match item {
                    Work::Open(other, before) | Work::Change(other, before) if other == path => {
                        before.clone_from(text);
                        return;
                    }
                    Work::Change(..) => {}
                    _ => break,
                }
            }
        }
        items.push_back(work);
        drop(items);
        // If the channel is full, the thread is being woken already.
        self.wake.try_send(()).ok();
    }

    /// Removes a request that has not begun.
    pub(super) fn remove(&self, id: &RequestId) {
        lock(&self.items).retain(|item| !matches!(item, Work::Request(request) if request.id == *id));
    }
}

impl Drop for WorkSender {
    fn drop(&mut self) {
        lock(&self.items).clear();
    }
}

impl WorkReceiver {
    /// Removes and returns the first item.
    pub(super) fn pop(&self) -> Option<Work> {
        lock(&self.items).pop_front()
    }

    /// Whether the queue is empty.
    pub(super) fn is_empty(&self) -> bool {
        lock(&self.items).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gen_lsp_types::Uri;
    use serde_json::Value;

    fn change(path: &str, text: &str) -> Work {
        let uri = Uri::from("file:///a.yaml");
        Work::Change(path.into(), OpenText { uri, version: 1, text: text.into() })
    }

    fn request(id: i32) -> Work {
        Work::Request(Arc::new(Request::new(id.into(), "hover".to_owned(), Value::Null)))
    }

    fn taken(receiver: &WorkReceiver) -> Vec<String> {
        std::iter::from_fn(|| receiver.pop())
            .map(|work| match work {
                Work::Open(path, text) | Work::Change(path, text) => {
                    format!("{}: {}", path.display(), text.text)
                }
                Work::Close(path) => format!("{} closed", path.display()),
                Work::Notification(notification) => notification.method,
                Work::Request(request) => request.id.to_string(),
            })
            .collect()
    }

    #[test]
    fn push_merges_changes_of_one_text_up_to_a_request() {
        let (sender, receiver) = queue();
        for work in [change("a", "1"), change("b", "1"), change("a", "2"), request(1), change("a", "3")] {
            sender.push(work);
        }
        sender.push(Work::Close("b".into()));
        sender.push(change("b", "2"));
        sender.push(change("b", "3"));
        assert_eq!(taken(&receiver), ["a: 2", "b: 1", "1", "a: 3", "b closed", "b: 3"]);
    }

    #[test]
    fn removed_request_is_not_popped_and_changes_around_it_are_merged() {
        let (sender, receiver) = queue();
        for work in [change("a", "1"), request(1), request(2)] {
            sender.push(work);
        }
        sender.remove(&1.into());
        sender.remove(&2.into());
        sender.push(change("a", "2"));
        assert_eq!(taken(&receiver), ["a: 2"]);
    }

    #[test]
    fn queue_is_empty_once_its_sender_is_dropped() {
        let (sender, receiver) = queue();
        sender.push(request(1));
        drop(sender);
        assert_eq!(taken(&receiver), [""; 0]);
        assert!(receiver.wake.recv().is_ok() && receiver.wake.recv().is_err());
    }
}
