-- gainsay in Neovim 0.7 and newer: copy this file to ~/.config/nvim/plugin/gainsay.lua
-- Neovim 0.11 and newer also needs lsp/gainsay.lua, which has its configuration.

if vim.fn.has('nvim-0.11') == 1 then
  vim.lsp.enable('gainsay')
  return
end

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

-- The folder that contains `claims/`, or the repository, or the folder of the file.
local function root_of(name)
  local folder = vim.fn.fnamemodify(name, ':p:h')
  for _, marker in ipairs({ 'claims', '.git' }) do
    local at = folder
    while true do
      if vim.fn.isdirectory(at .. '/' .. marker) == 1 then
        return at
      end
      local up = vim.fn.fnamemodify(at, ':h')
      if up == at then
        break
      end
      at = up
    end
  end
  return folder
end

local clients = {} -- by folder

-- The keys that Neovim 0.11 has by default. CTRL-X CTRL-O completes, CTRL-] goes to the definition.
local function keys(buffer)
  vim.bo[buffer].omnifunc = 'v:lua.vim.lsp.omnifunc'
  vim.bo[buffer].tagfunc = 'v:lua.vim.lsp.tagfunc'
  for key, act in pairs({
    K = vim.lsp.buf.hover,
    grn = vim.lsp.buf.rename,
    gra = vim.lsp.buf.code_action,
    grr = vim.lsp.buf.references,
    gO = vim.lsp.buf.document_symbol,
  }) do
    vim.keymap.set('n', key, act, { buffer = buffer })
  end
  vim.keymap.set('i', '<C-s>', vim.lsp.buf.signature_help, { buffer = buffer })
end

vim.api.nvim_create_autocmd('FileType', {
  pattern = 'yaml',
  group = vim.api.nvim_create_augroup('gainsay', {}),
  callback = function(event)
    if vim.bo[event.buf].buftype ~= '' or not is_claims(event.buf) then
      return
    end
    local root = root_of(vim.api.nvim_buf_get_name(event.buf))
    if not (clients[root] and vim.lsp.get_client_by_id(clients[root])) then
      clients[root] = vim.lsp.start_client({
        name = 'gainsay',
        cmd = { 'gainsay', 'lsp' },
        root_dir = root,
        workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
        -- init_options = { claims = 'claims', texts = 'archive', inlayHints = true },
      })
    end
    if clients[root] then
      vim.lsp.buf_attach_client(event.buf, clients[root])
      keys(event.buf)
    end
  end,
})
