//! Links that lead out of the workspace: their targets are not read or shown unless `--follow-links` is given, and
//! never written.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use gainsay::folder::Access;
use gainsay::lsp::LspSettings;
use serde_json::json;
use tempfile::TempDir;

use crate::lsp::client::Client;
use crate::support::{CLAIMS, CommandOutput, program, run};

/// A text outside of the workspace that must not appear in any output, and that `fmt` would change.
const SECRET: &str = "password:    { harmless-example:   1 }\n";

/// Every command that prints file contents, without the path.
const READERS: [&[&str]; 11] = [
    &["check"],
    &["report"],
    &["report", "--format", "html"],
    &["report", "--format", "json"],
    &["report", "--format", "sarif"],
    &["report", "--format", "markdown"],
    &["report", "--format", "csv"],
    &["graph"],
    &["suggest"],
    &["fmt", "--check"],
    &["fmt", "--dry-run"],
];

/// A folder with a workspace `work` in it, and a file and folder next to it.
struct LinkedFolder(TempDir);

impl LinkedFolder {
    fn new() -> Self {
        let desk = Self(TempDir::new().unwrap());
        for folder in ["work/sub", "work/.git", "outside"] {
            fs::create_dir_all(desk.path(folder)).unwrap();
        }
        fs::write(desk.path("work/a.yaml"), CLAIMS).unwrap();
        for secret in ["outside/notes.txt", "outside/notes.yaml", "work/.git/config", "work/.git/config.yaml"]
        {
            fs::write(desk.path(secret), SECRET).unwrap();
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().canonicalize().unwrap().join(name)
    }

    fn link(&self, target: &str, link: &str) {
        symlink(target, self.path("work").join(link)).unwrap();
    }

    /// Runs a command in `work`.
    fn run(&self, arguments: &[&str]) -> CommandOutput {
        run(program().current_dir(self.path("work")).args(arguments).env("NO_COLOR", "1"))
    }

    fn assert_untouched(&self, asked: &str) {
        for secret in ["outside/notes.txt", "outside/notes.yaml", "work/.git/config", "work/.git/config.yaml"]
        {
            assert_eq!(fs::read_to_string(self.path(secret)).unwrap(), SECRET, "{asked}: {secret}");
        }
        assert_eq!(fs::read_dir(self.path("outside")).unwrap().count(), 2, "{asked}");
    }
}

fn shows_secret(ran: &CommandOutput) -> bool {
    [&ran.out, &ran.err].iter().any(|text| text.contains("harmless-example"))
}

/// A link to a secret: its target, and its name in the workspace.
const LINKS: [(&str, &str); 8] = [
    ("../outside/notes.txt", "p.yaml"),
    ("../outside/notes.yaml", "sub/../q.yaml"),
    ("../outside", "linked"),
    ("..", "above"),
    (".git/config", "token.yaml"),
    (".git", "git"),
    ("sub/next.yaml", "chain.yaml"),
    ("../../outside/notes.yaml", "sub/next.yaml"),
];

/// SECURITY: R3.
#[test]
fn file_outside_the_workspace_is_not_shown_by_any_command() {
    for (target, link) in LINKS {
        let desk = LinkedFolder::new();
        desk.link(target, link);
        if link == "chain.yaml" {
            desk.link("../../outside/notes.yaml", "sub/next.yaml");
        }
        for reader in READERS {
            let ran = desk.run(&[reader, &["."]].concat());
            assert!(matches!(ran.code, Some(0 | 1)), "{link}: {reader:?}: {ran:?}");
            assert!(!shows_secret(&ran), "{link}: {reader:?}: {ran:?}");
        }
        let checked = desk.run(&["check", "."]);
        let name = link.rsplit('/').next().unwrap();
        assert!(checked.out.contains("warning[outside-link]") && checked.out.contains(name), "{checked:?}");
        assert_eq!(checked.code, Some(0), "a warning: {checked:?}");
        assert_eq!(desk.run(&["check", "--strict", "."]).code, Some(1));
        let sarif = desk.run(&["report", "--format", "sarif", "."]);
        assert!(sarif.out.contains("outside-link"), "{link}: {}", sarif.out);
        desk.assert_untouched(link);
    }
}

/// SECURITY: R4, W5.
#[test]
fn file_outside_the_workspace_is_read_with_follow_links_and_never_written() {
    for (target, link) in LINKS {
        let desk = LinkedFolder::new();
        desk.link(target, link);
        if link == "chain.yaml" {
            desk.link("../../outside/notes.yaml", "sub/next.yaml");
        }
        let checked = desk.run(&["check", "--follow-links", "."]);
        assert!(shows_secret(&checked) && !checked.out.contains("outside-link"), "{link}: {checked:?}");
        for writer in [
            &["fmt", "."][..],
            &["fmt", "--follow-links", "."],
            &["new", "actor", "x", "--name", "X", "--follow-links", "."],
            &["rename", "north", "northern", "--follow-links", "."],
        ] {
            let ran = desk.run(writer);
            desk.assert_untouched(&format!("{link}: {writer:?}: {ran:?}"));
        }
    }
}

#[test]
fn link_that_stays_inside_is_followed() {
    let desk = LinkedFolder::new();
    fs::write(desk.path("work/sub/more.txt"), "actors: { east: { naem: East } }\n").unwrap();
    desk.link("sub/more.txt", "more.yaml");
    let checked = desk.run(&["check", "."]);
    assert!(checked.out.contains("unknown-key") && !checked.out.contains("outside-link"), "{checked:?}");
    fs::write(desk.path("work/sub/more.txt"), "actors:\n    east:   { name:   East }\n").unwrap();
    assert_eq!(desk.run(&["fmt", "."]).code, Some(0));
    let text = fs::read_to_string(desk.path("work/sub/more.txt")).unwrap();
    assert_eq!(text, "actors:\n  east: { name: East }\n");
}

#[test]
fn format_with_file_names_refuses_links_as_a_hook_passes_them() {
    for (target, link) in [("../outside/notes.yaml", "near.yaml"), (".git/config.yaml", "token.yaml")] {
        let desk = LinkedFolder::new();
        desk.link(target, link);
        let absolute = desk.path("work").join(link);
        for path in [link, &format!("./{link}"), absolute.to_str().unwrap()] {
            let refused = desk.run(&["fmt", path]);
            assert_eq!(refused.code, Some(2), "{path}: {refused:?}");
            assert!(refused.err.contains("is a link that leads"), "{path}: {refused:?}");
            let shown = desk.run(&["fmt", "--dry-run", path]);
            assert!(shown.code == Some(2) && !shows_secret(&shown), "{path}: {shown:?}");
            let followed = desk.run(&["fmt", "--follow-links", path]);
            assert!(matches!(followed.code, Some(1 | 2)), "{path}: {followed:?}");
            desk.assert_untouched(path);
        }
    }
    // From the folder above, the target is in the working folder but not in the folder of the link.
    let desk = LinkedFolder::new();
    desk.link("../outside/notes.yaml", "near.yaml");
    let mut command = program();
    let refused = run(command.current_dir(desk.path("")).args(["fmt", "work/near.yaml"]));
    assert!(matches!(refused.code, Some(1 | 2)), "{refused:?}");
    assert!(refused.err.contains("outside of the workspace"), "{refused:?}");
    desk.assert_untouched("work/near.yaml");
}

/// SECURITY: R5.
#[test]
fn workspace_that_is_a_link_out_of_its_folder_is_refused() {
    for (target, secret) in
        [("../outside", "harmless-example"), (".git", "harmless-example"), ("/etc", "root:")]
    {
        let desk = LinkedFolder::new();
        desk.link(target, "claims");
        for arguments in [
            &["check"][..],
            &["check", "claims"],
            &["check", "claims/"],
            &["check", "./claims"],
            &["report", "--format", "html"],
            &["fmt"],
            &["init"],
            &["init", "claims/sub"],
            &["serve"],
            &["recover"],
            &["new", "actor", "x", "--name", "X"],
            &["review", "--list"],
            &["rename", "north", "northern", "--follow-links"],
        ] {
            let refused = desk.run(arguments);
            assert_eq!(refused.code, Some(2), "{target}: {arguments:?}: {refused:?}");
            assert!(refused.err.contains("link"), "{target}: {arguments:?}: {refused:?}");
            assert!(!refused.out.contains(secret) && !refused.err.contains(secret), "{arguments:?}");
        }
        desk.assert_untouched(target);
    }
    let desk = LinkedFolder::new();
    desk.link("../outside", "claims");
    let refused = desk.run(&["check"]).err;
    assert!(refused.contains("`claims` is a link that leads out of `.`"), "{refused}");
    assert!(shows_secret(&desk.run(&["check", "--follow-links"])));
    // The real path needs no option.
    assert!(shows_secret(&desk.run(&["check", "../outside"])));
    fs::remove_file(desk.path("work/claims")).unwrap();
    desk.link("sub", "claims");
    fs::write(desk.path("work/sub/b.yaml"), "actors: { x: {} }\n").unwrap();
    assert_eq!(desk.run(&["check"]).code, Some(0), "a link inside is fine");
}

/// SECURITY: R8.
#[test]
fn archived_text_is_read_next_to_the_claims_or_in_the_folder_of_texts_only() {
    let claims = |text: &str| {
        format!(
            "actors: {{ paper: {{}}, a: {{}} }}\nevents: {{ raid: {{}} }}\n\
             source: {{ id: s, publisher: paper, published: 2026, text: \"{text}\" }}\n\
             claims: {{ x: {{ by: a, about: raid, measure: killed, value: 4, at: p1, words: not there }} }}\n"
        )
    };
    let desk = LinkedFolder::new();
    fs::write(desk.path("work/a.yaml"), claims("t.txt")).unwrap();
    let at_hand = |arguments: &[&str]| desk.run(arguments).out.contains("with 1 archived text");
    desk.link("../outside/notes.txt", "t.txt");
    assert!(!at_hand(&["check", "."]));
    fs::remove_file(desk.path("work/t.txt")).unwrap();
    desk.link(".git/config", "t.txt");
    assert!(!at_hand(&["check", "."]));
    fs::remove_file(desk.path("work/t.txt")).unwrap();
    fs::write(desk.path("work/sub/t.txt"), "words").unwrap();
    assert!(at_hand(&["check", ".", "--texts", "sub"]));
    fs::remove_file(desk.path("work/sub/t.txt")).unwrap();
    desk.link("../../outside/notes.txt", "sub/t.txt");
    assert!(!at_hand(&["check", ".", "--texts", "sub"]));
    // The folder of texts is a path on the command line like any other.
    desk.link("../outside", "texts");
    fs::write(desk.path("outside/t.txt"), SECRET).unwrap();
    let refused = desk.run(&["check", ".", "--texts", "texts"]);
    assert!(
        refused.code == Some(2) && refused.err.contains("`texts` is a link that leads out of"),
        "{refused:?}"
    );
    assert!(at_hand(&["check", ".", "--texts", "../outside"]));
    assert!(at_hand(&["check", ".", "--texts", "texts", "--follow-links"]));
    for hidden in [".git/config", ".env"] {
        fs::write(desk.path("work/.env"), SECRET).unwrap();
        fs::write(desk.path("work/a.yaml"), claims(hidden)).unwrap();
        assert!(!at_hand(&["check", "."]), "{hidden}");
    }
}

/// SECURITY: W5.
#[test]
fn new_file_is_not_created_through_a_link() {
    let desk = LinkedFolder::new();
    desk.link("../outside", "linked");
    desk.link("../outside/new.yaml", "new.yaml");
    desk.link(".git", "git");
    for file in ["linked/x.yaml", "new.yaml", "git/x.yaml"] {
        let refused = desk.run(&["new", "place", "somewhere", ".", "--file", file]);
        assert_eq!(refused.code, Some(2), "{file}: {refused:?}");
        desk.assert_untouched(file);
        assert_eq!(fs::read_dir(desk.path("work/.git")).unwrap().count(), 2, "{file}");
    }
}

/// The diagnostics of a file of `work` that is not open in the editor.
fn diagnostics(editor: &mut Client, path: &str) -> String {
    let uri = editor.uri(path);
    json!(editor.pulled(&uri)).to_string()
}

/// SECURITY: E1.
#[test]
fn language_server_follows_no_link_out_of_the_folder() {
    let desk = LinkedFolder::new();
    fs::create_dir(desk.path("work/claims")).unwrap();
    fs::rename(desk.path("work/a.yaml"), desk.path("work/claims/a.yaml")).unwrap();
    desk.link("../../outside/notes.yaml", "claims/out.yaml");
    desk.link("../../outside", "claims/linked");
    let mut editor = Client::start(&desk.path("work"), json!({}));
    let found = diagnostics(&mut editor, "claims/out.yaml");
    assert!(found.contains("outside-link") && !found.contains("harmless"), "{found}");
    // Its text in the editor is ignored as well.
    editor.open("claims/out.yaml", SECRET);
    let found = diagnostics(&mut editor, "claims/out.yaml");
    assert!(found.contains("outside-link") && !found.contains("harmless"), "{found}");
    let changed = json!({ "changes": [{ "uri": editor.uri("claims/out.yaml"), "type": 2 }] });
    editor.notify("workspace/didChangeWatchedFiles", changed);
    let found = diagnostics(&mut editor, "claims/out.yaml");
    assert!(found.contains("outside-link") && !found.contains("harmless"), "{found}");
    drop(editor);

    let access = Access { follow_links: true, ..Access::default() };
    let settings = LspSettings { access, ..LspSettings::default() };
    let mut editor = Client::start_with(&desk.path("work"), json!({}), settings);
    let found = diagnostics(&mut editor, "claims/out.yaml");
    assert!(found.contains("password") && !found.contains("outside-link"), "{found}");
}

#[test]
fn language_server_reads_no_folder_behind_a_link_from_elsewhere() {
    for target in ["../outside", "/etc", ".git"] {
        let desk = LinkedFolder::new();
        desk.link(target, "claims");
        let mut editor = Client::start(&desk.path("work"), json!({}));
        let found = diagnostics(&mut editor, "claims/notes.yaml");
        assert!(!found.contains("password"), "{found}");
        let shown = editor.messages_of("window/showMessage");
        assert!(shown[0]["message"].as_str().unwrap().contains("`claims` is a link"), "{shown:?}");
    }
}

#[test]
fn json_report_is_the_same_with_and_without_a_link_outside() {
    let desk = LinkedFolder::new();
    let report = |desk: &LinkedFolder| desk.run(&["report", "--format", "json", "."]).out;
    let before = report(&desk);
    desk.link("../outside/notes.yaml", "p.yaml");
    let (small, vast) = (report(&desk), "x".repeat(100_000));
    fs::write(desk.path("outside/notes.yaml"), vast).unwrap();
    assert_eq!(report(&desk), small, "not even the size shows");
    assert!(before.contains("gainsay.report/1") && small.contains("gainsay.report/1"));
}

#[test]
fn links_among_the_folders_of_an_absolute_path_are_followed() {
    let desk = LinkedFolder::new();
    symlink(desk.path("work"), desk.path("elsewhere")).unwrap();
    let through: PathBuf = desk.path("elsewhere/sub");
    fs::write(desk.path("work/sub/b.yaml"), "actors: { x: {} }\n").unwrap();
    assert_eq!(desk.run(&["check", through.to_str().unwrap()]).code, Some(0));
    assert!(Path::new(&through).exists());
}
