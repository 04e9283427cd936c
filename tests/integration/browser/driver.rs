//! A real browser, controlled over `WebDriver`, and a desk to look at. `tests/run` installs what is missing.

use std::future::Future;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::support::TIMEOUT;

/// How many browsers run at once: each takes a processor and a quarter of a gigabyte.
static BROWSER_SLOTS: Semaphore = Semaphore::const_new(2);

/// How a browser is set up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct BrowserSetup {
    /// A screen 360 px wide, like that of a phone.
    pub(crate) narrow: bool,
    /// The reader prefers dark pages.
    pub(crate) dark: bool,
    /// Scripts are turned off.
    pub(crate) scriptless: bool,
}

impl BrowserSetup {
    fn capabilities(self) -> serde_json::Map<String, Value> {
        let mut args: Vec<&str> = vec![
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--enable-unsafe-swiftshader",
            "--window-size=1280,1000",
            "--lang=en",
        ];
        if self.dark {
            args.push("--blink-settings=preferredColorScheme=0");
        }
        let mut options = json!({ "args": args });
        if self.narrow {
            options["mobileEmulation"] =
                json!({ "deviceMetrics": { "width": 360, "height": 740, "pixelRatio": 2.0 } });
        }
        if self.scriptless {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
        }
        let limit = TIMEOUT.as_millis() as u64;
        let all = json!({
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": limit, "pageLoad": limit, "implicit": 0 },
        });
        all.as_object().cloned().unwrap()
    }
}

/// A `WebDriver` process, which ends with the test.
pub(crate) struct Driver {
    child: Child,
    address: String,
}

impl Driver {
    fn start() -> Self {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: `sh tests/run` installs it");
        let line = first_line(&mut child, |line| line.contains("successfully on port"));
        let port = line.trim_end_matches(['.', '\n']).rsplit(' ').next().unwrap().to_owned();
        Self { child, address: format!("http://127.0.0.1:{port}") }
    }
}

/// The command of chromedriver that reads the browser console; the protocol itself has none.
#[derive(Debug)]
struct ReadConsole;

impl WebDriverCompatibleCommand for ReadConsole {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (axum::http::Method, Option<String>) {
        (axum::http::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

/// The complaints in the browser console: script errors and violations of the content security policy. Failed requests
/// are left out, because some tests cause them on purpose.
async fn console_errors(client: &Client) -> Vec<Value> {
    let said = client.issue_cmd(ReadConsole).await.expect("chromedriver reads the console");
    let entries = said.as_array().cloned().unwrap_or_default();
    entries.into_iter().filter(|entry| entry["level"] == "SEVERE" && entry["source"] != "network").collect()
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first matching line of a child's output. Its later output is read and discarded.
fn first_line(child: &mut Child, is_meant: impl Fn(&str) -> bool) -> String {
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !is_meant(&line) {
        line.clear();
        assert!(output.read_line(&mut line).unwrap() > 0, "the child ended before it was ready");
    }
    std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    line
}

/// Opens a browser, runs `look` on it, and closes it even if `look` fails.
pub(crate) fn browse<F: Future<Output = ()> + Send + 'static>(
    setup: BrowserSetup,
    look: impl FnOnce(Browser) -> F + Send + 'static,
) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let looked = runtime.block_on(async {
        let _place = BROWSER_SLOTS.acquire().await.unwrap();
        let (_driver, client) = open(setup).await;
        let looked = tokio::spawn(look(Browser { client: client.clone() })).await;
        let console_errors = console_errors(&client).await;
        let _ = client.close().await;
        looked.map(|()| assert!(console_errors.is_empty(), "the browser complains: {console_errors:#?}"))
    });
    if let Err(failed) = looked {
        std::panic::resume_unwind(failed.into_panic());
    }
}

/// A second browser, which the test has to close.
pub(crate) struct SecondBrowser {
    /// The browser itself.
    pub(crate) page: Browser,
    _driver: Driver,
}

/// Opens a second browser.
pub(crate) async fn second(setup: BrowserSetup) -> SecondBrowser {
    let (driver, client) = open(setup).await;
    SecondBrowser { page: Browser { client }, _driver: driver }
}

impl SecondBrowser {
    /// Closes the browser.
    pub(crate) async fn close(self) {
        let _ = self.page.client.close().await;
    }
}

async fn open(setup: BrowserSetup) -> (Driver, Client) {
    let driver = Driver::start();
    let client = ClientBuilder::new(HttpConnector::new())
        .capabilities(setup.capabilities())
        .connect(&driver.address)
        .await
        .expect("a browser opens");
    (driver, client)
}

/// An open browser.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
}

impl Browser {
    /// Goes to an address.
    pub(crate) async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// The single element that a selector matches, once it exists.
    pub(crate) async fn find(&self, selector: &str) -> Element {
        let found = self.client.wait().at_most(TIMEOUT).for_element(Locator::Css(selector)).await;
        found.unwrap_or_else(|error| panic!("`{selector}`: {error}"))
    }

    /// Every element that a selector matches now.
    pub(crate) async fn all(&self, selector: &str) -> Vec<Element> {
        self.client.find_all(Locator::Css(selector)).await.unwrap()
    }

    /// Waits until an element of the page shows a text.
    pub(crate) async fn shows(&self, selector: &str, text: &str) {
        let seen = async {
            loop {
                if let Ok(element) = self.client.find(Locator::Css(selector)).await
                    && element.text().await.is_ok_and(|shown| shown.contains(text))
                {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        if tokio::time::timeout(TIMEOUT, seen).await.is_err() {
            let shown = match self.client.find(Locator::Css(selector)).await {
                Ok(element) => element.text().await.unwrap_or_default(),
                Err(error) => error.to_string(),
            };
            panic!("`{selector}` never shows `{text}`, but:\n{shown}");
        }
    }

    /// Presses keys in the focused element.
    pub(crate) async fn press(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Runs a script that ends with `return`.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Runs a script that calls its last argument when it is finished.
    pub(crate) async fn run_to_end(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute_async(script, arguments).await.unwrap()
    }

    /// The whole page as it is now, even if scripts are turned off.
    pub(crate) async fn source(&self) -> String {
        self.client.source().await.unwrap()
    }
}

/// `gainsay serve` on its own folder.
pub(crate) struct Served {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub(crate) address: String,
    /// `token=…`, the access token of this run.
    token: String,
    /// The served folder.
    pub(crate) folder: tempfile::TempDir,
}

impl Served {
    /// Writes files into a new folder and serves it.
    pub(crate) fn start<N: AsRef<Path>, T: AsRef<[u8]>>(
        files: impl IntoIterator<Item = (N, T)>,
        arguments: &[&str],
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let mut child = crate::support::program()
            .args(["serve", "--port", "0"])
            .args(arguments)
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let line = first_line(&mut child, |line| line.contains("http://"));
        let address = line[line.find("http://").unwrap()..].split_whitespace().next().unwrap();
        let (address, token) = address.split_once("/?").expect("the address has a token");
        let (address, token) = (address.to_owned(), token.to_owned());
        Self { child, address, token, folder }
    }

    /// Serves the claim files of the project.
    pub(crate) fn real(arguments: &[&str]) -> Self {
        let files = crate::support::real_files().into_iter();
        let named = files.map(|(path, text)| (PathBuf::from(path).file_name().unwrap().to_owned(), text));
        Self::start(named, arguments)
    }

    /// The address of a page with the token that lets a browser in. The desk redirects to the page.
    pub(crate) fn page(&self, path: &str) -> String {
        let (path, fragment) = path.find('#').map_or((path, ""), |at| path.split_at(at));
        let joint = if path.contains('?') { '&' } else { '?' };
        format!("{}{path}{joint}{}{fragment}", self.address, self.token)
    }

    /// Reads a file of the folder.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }

    /// Replaces the text of a file.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
