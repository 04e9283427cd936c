-- gainsay in Neovim 0.11 and newer: copy this file to ~/.config/nvim/lsp/gainsay.lua
-- plugin/gainsay.lua enables it. Without that file, put this into your init.lua:
--
--     vim.lsp.enable('gainsay')

-- A claim file is in a folder `claims/`, or has a section of a claim file. Other YAML files are not affected.
local function is_claims(buffer)
  if vim.api.nvim_buf_get_name(buffer):find('[/\\]claims[/\\]') then
    return true
  end
  for _, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    if line:find('^claims:') or line:find('^source:') or line:find('^actors:') then
      return true
    end
  end
  return false
end

return {
  cmd = { 'gainsay', 'lsp' },
  filetypes = { 'yaml' },
  root_dir = function(buffer, start)
    if is_claims(buffer) then
      -- The folder that contains `claims/`, or the repository, or the folder of the file.
      local name = vim.api.nvim_buf_get_name(buffer)
      start(vim.fs.root(buffer, 'claims') or vim.fs.root(buffer, '.git') or vim.fs.dirname(name))
    end
  end,
  -- init_options = { claims = 'claims', texts = 'archive', inlayHints = true },
}
