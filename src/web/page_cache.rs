//! Pages that were asked for, kept for whoever asks for them next.
//!
//! They belong to one snapshot and go with it, so that none is ever older than the files. How much is kept is
//! bounded, whatever addresses are asked for.

use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::Uri;
use rustc_hash::FxHashMap;

/// So many bytes are kept at most, addresses included.
const MAX_CACHE_BYTES: usize = 16 * 1024 * 1024;
/// Larger pages are made each time.
const MAX_PAGE_BYTES: usize = MAX_CACHE_BYTES / 8;

/// Pages of one snapshot by their addresses.
#[derive(Debug, Default)]
pub(super) struct PageCache(Mutex<CachedPages>);

#[derive(Debug, Default)]
struct CachedPages {
    pages: FxHashMap<String, Bytes>,
    bytes: usize,
}

impl PageCache {
    /// The page at an address, where it was made before.
    pub(super) fn find(&self, uri: &Uri) -> Option<Bytes> {
        let address = uri.path_and_query()?.as_str();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pages.get(address).cloned()
    }

    /// Keeps the page at an address. Where there is no room, all others go: what is read often soon is there
    /// again.
    pub(super) fn keep(&self, uri: &Uri, page: &Bytes) {
        let Some(address) = uri.path_and_query() else { return };
        let size = address.as_str().len() + page.len();
        if size > MAX_PAGE_BYTES {
            return;
        }
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.bytes + size > MAX_CACHE_BYTES {
            *held = CachedPages::default();
        }
        // Two may have made the same page at once.
        if held.pages.insert(address.to_string(), page.clone()).is_none() {
            held.bytes += size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded() {
        let kept = PageCache::default();
        let page = Bytes::from(vec![b'x'; MAX_PAGE_BYTES / 2]);
        let address = |at: usize| format!("/?q={at}").parse::<Uri>().unwrap();
        for at in 0..100 {
            kept.keep(&address(at), &page);
            assert_eq!(kept.find(&address(at)).unwrap(), page);
            let shelf = kept.0.lock().unwrap();
            let held: usize = shelf.pages.iter().map(|(address, page)| address.len() + page.len()).sum();
            assert_eq!(shelf.bytes, held);
            assert!(held <= MAX_CACHE_BYTES);
        }
        assert!(kept.find(&address(0)).is_none());
        kept.keep(&address(0), &Bytes::from(vec![b'x'; MAX_PAGE_BYTES]));
        assert!(kept.find(&address(0)).is_none());
    }
}
