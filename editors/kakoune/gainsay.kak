# gainsay in Kakoune with kakoune-lsp 17 and newer: goes into ~/.config/kak/autoload/gainsay.kak
# YAML files in a folder `claims/` are claim files. All other YAML is left alone.

hook -group gainsay global BufCreate .*/claims/.*[.]ya?ml %{
    set-option buffer filetype yaml
    set-option buffer lsp_servers %{
        [gainsay]
        root_globs = ["claims", ".git"]
        command = "gainsay"
        args = ["lsp"]
    }
}
