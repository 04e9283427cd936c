# gainsay in Kakoune with kakoune-lsp 17 and newer: put this into ~/.config/kak/autoload/gainsay.kak
# YAML files in a folder `claims/` are claim files. Other YAML files are not affected.

hook -group gainsay global BufCreate .*/claims/.*[.]ya?ml %{
    set-option buffer filetype yaml
    set-option buffer lsp_servers %{
        [gainsay]
        root_globs = ["claims", ".git"]
        command = "gainsay"
        args = ["lsp"]
    }
}
