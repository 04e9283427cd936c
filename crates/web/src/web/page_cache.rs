//! A cache of pages that were requested before.
//!
//! It belongs to one snapshot and is dropped with it, so a page is never older than the files. Its size is
//! limited, no matter which URLs are requested.

use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::Uri;
use rustc_hash::FxHashMap;

/// The most bytes in the cache, including URLs.
const MAX_CACHE_BYTES: usize = 16 * 1024 * 1024;
/// Larger pages are not cached.
const MAX_PAGE_BYTES: usize = MAX_CACHE_BYTES / 8;

/// Pages of one snapshot by URL.
#[derive(Debug, Default)]
pub(super) struct PageCache(Mutex<CachedPages>);

#[derive(Debug, Default)]
struct CachedPages {
    pages: FxHashMap<String, Bytes>,
    bytes: usize,
}

impl PageCache {
    /// The cached page at a URL.
    pub(super) fn find(&self, uri: &Uri) -> Option<Bytes> {
        let address = uri.path_and_query()?.as_str();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pages.get(address).cloned()
    }

    /// Caches the page at a URL. If the cache is full, it is emptied first: pages that are read often soon come back.
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
        // Two requests may have made the same page at the same time.
        if held.pages.insert(address.to_string(), page.clone()).is_none() {
            held.bytes += size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_cache_has_a_limited_size() {
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
