//! SECURITY.md: each promise has a number and at least one test that names the number.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::support::{CLAIMS, program, run, rust_files};

/// Marks a test that checks promises; their numbers follow.
const MARK: &str = "/// SECURITY: ";

/// The numbers of the promises: `R1` for a list item that begins with `- **R1** `.
fn promise_numbers() -> Vec<String> {
    let page = fs::read_to_string("SECURITY.md").unwrap();
    let items = page.lines().filter_map(|line| line.strip_prefix("- "));
    items
        .map(|item| {
            let number = item.strip_prefix("**").and_then(|rest| rest.split_once("** "));
            number.unwrap_or_else(|| panic!("`{item}` has no number")).0.to_owned()
        })
        .collect()
}

/// The numbers named by tests, each with the first file that names it.
fn tested_numbers() -> BTreeMap<String, PathBuf> {
    let mut tested_numbers = BTreeMap::new();
    for file in ["src", "crates", "tests/integration"].into_iter().flat_map(rust_files) {
        let text = fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (at, numbers) in
            lines.iter().enumerate().filter_map(|(at, line)| Some((at, line.strip_prefix(MARK)?)))
        {
            let marks_a_test = lines[at + 1..].iter().take(3).any(|line| *line == "#[test]");
            assert!(marks_a_test, "{}: `{numbers}` is not above a test", file.display());
            for number in numbers.trim_end_matches('.').split(", ") {
                tested_numbers.entry(number.to_owned()).or_insert_with(|| file.clone());
            }
        }
    }
    tested_numbers
}

#[test]
fn promises_each_have_a_unique_number_and_a_test() {
    let promise_numbers = promise_numbers();
    let known: BTreeSet<&String> = promise_numbers.iter().collect();
    assert_eq!(known.len(), promise_numbers.len(), "a number occurs twice");
    let tested_numbers = tested_numbers();
    let untested: Vec<_> =
        promise_numbers.iter().filter(|number| !tested_numbers.contains_key(*number)).collect();
    assert!(untested.is_empty(), "no test names {untested:?}");
    let unknown: Vec<_> = tested_numbers.iter().filter(|(number, _)| !known.contains(number)).collect();
    assert!(unknown.is_empty(), "SECURITY.md has no promise {unknown:?}");
}

/// The first column of the table of commands.
fn commands_in_the_table() -> Vec<String> {
    let page = fs::read_to_string("SECURITY.md").unwrap();
    let rows = page.lines().skip_while(|line| !line.starts_with("| command |")).skip(2);
    let cells =
        rows.take_while(|line| line.starts_with('|')).map(|line| line.split('|').nth(1).unwrap().to_owned());
    let names = |cell: String| -> Vec<String> {
        let quoted = cell.split('`').skip(1).step_by(2);
        quoted.map(|words| words.split(' ').next().unwrap().to_owned()).collect()
    };
    cells.flat_map(names).collect()
}

/// SECURITY: C1.
#[test]
fn table_of_commands_lists_every_command() {
    let help = run(program().arg("--help")).out;
    let listed =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> = listed.filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    let commands: BTreeSet<&str> = commands.into_iter().filter(|name| !["", "help"].contains(name)).collect();
    assert!(commands.contains("check") && commands.len() > 10, "{help}");
    let table = commands_in_the_table();
    let table: BTreeSet<&str> =
        table.iter().map(String::as_str).filter(|name| !name.starts_with('-')).collect();
    assert_eq!(table, commands);
}

/// The paths below a folder; files with their text.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut tree = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tree.extend(self::tree(&path));
        }
        tree.insert(path.clone(), fs::read(&path).ok());
    }
    tree
}

/// SECURITY: C2.
#[test]
fn reading_commands_change_no_file() {
    let commands: [&[&str]; 18] = [
        &["check"],
        &["report"],
        &["report", "--format", "html"],
        &["report", "--format", "json"],
        &["show", "north"],
        &["graph"],
        &["suggest"],
        &["review", "--list"],
        &["fmt", "--check"],
        &["fmt", "--dry-run"],
        &["rename", "north", "northern", "--dry-run"],
        &["new", "actor", "west", "--name", "The West", "--file", "new.yaml", "--dry-run"],
        &["recover", "--dry-run"],
        &["explain", "all"],
        &["explain", "toll-rising"],
        &["schema"],
        &["completions", "bash"],
        &["man"],
    ];
    let folder = TempDir::new().unwrap();
    for name in ["home", "claims", "tmp"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    // Not in the layout of `fmt`, so that `fmt` would have something to write.
    fs::write(folder.path().join("claims/a.yaml"), format!("{CLAIMS}\n\n\n")).unwrap();
    let before = tree(folder.path());
    for arguments in commands {
        let mut command = program();
        command.args(arguments).current_dir(folder.path());
        for variable in ["HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"] {
            command.env(variable, folder.path().join("home"));
        }
        let ran = run(command.env("TMPDIR", folder.path().join("tmp")));
        assert!(ran.code.is_some_and(|code| code < 2) || arguments[0] == "explain", "{arguments:?}: {ran:?}");
        assert_eq!(tree(folder.path()), before, "{arguments:?}");
    }
}

/// SECURITY: D1.
#[cfg(target_os = "linux")]
#[test]
fn desk_listens_on_the_loopback_address_only() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    let mut desk = program()
        .args(["serve", "claims", "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(desk.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().trim_start_matches("http://").split('/').next().unwrap();
    let address: SocketAddr = address.parse().unwrap();
    let is_reached =
        |host: [u8; 4]| TcpStream::connect((std::net::Ipv4Addr::from(host), address.port())).is_ok();
    // All of 127.0.0.0/8 is this machine, but only a desk that listens on all addresses answers on 127.0.0.2.
    let reached = [is_reached([127, 0, 0, 1]), is_reached([127, 0, 0, 2])];
    _ = desk.kill();
    _ = desk.wait();
    assert_eq!(reached, [true, false], "{address}");
}
