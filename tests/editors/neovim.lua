-- Drives Neovim with the configuration from editors/neovim in a workspace, as a person would, and records the results.
-- The folder is in $WORKSPACE, the file for the results in $ANSWERS.

local root, answers = vim.env.WORKSPACE, vim.env.ANSWERS
local seen, told, version = {}, {}, {}

local function finish(error)
  seen.error = error
  seen.told = told
  vim.fn.writefile({ vim.json.encode(seen) }, answers)
  for _, client in pairs(vim.lsp.get_active_clients()) do
    client.stop()
  end
  -- Wait until the server has ended.
  vim.wait(60000, function() return #vim.lsp.get_active_clients() == 0 end, 10)
  vim.cmd(error and 'cquit!' or 'qall!')
end

local function wait(what, condition)
  if not vim.wait(120000, condition, 10) then
    error('waited in vain for ' .. what)
  end
end

-- The last diagnostics of each file, unchanged.
local publish = vim.lsp.handlers['textDocument/publishDiagnostics']
vim.lsp.handlers['textDocument/publishDiagnostics'] = function(failed, result, ...)
  told[result.uri], version[result.uri] = result.diagnostics, result.version
  return publish(failed, result, ...)
end

local function open(file)
  vim.cmd('edit ' .. root .. '/' .. file)
  return vim.api.nvim_get_current_buf()
end

local function text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') .. '\n'
end

-- The place of a text in a buffer, from 0, in bytes.
local function find(buffer, wanted)
  for row, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    local start, last = line:find(wanted, 1, true)
    if start then
      return row - 1, start - 1, last
    end
  end
  error('no `' .. wanted .. '` in the buffer')
end

local function replace(buffer, old, new)
  local row, start, last = find(buffer, old)
  vim.api.nvim_buf_set_text(buffer, row, start, row, last, vim.split(new, '\n'))
end

local function go_to(buffer, wanted, offset)
  vim.api.nvim_set_current_buf(buffer)
  local row, start = find(buffer, wanted)
  vim.api.nvim_win_set_cursor(0, { row + 1, start + (offset or 0) })
end

local function messages(buffer)
  return vim.tbl_map(function(it) return it.message end, vim.diagnostic.get(buffer))
end

local function says(buffer, wanted)
  for _, message in ipairs(messages(buffer)) do
    if message:find(wanted, 1, true) then
      return true
    end
  end
  return false
end

local function ask(buffer, method, params)
  local all = vim.lsp.buf_request_sync(buffer, method, params or vim.lsp.util.make_position_params(), 120000)
  local _, answer = next(all or {})
  if not answer or answer.error then
    error(method .. ': ' .. vim.inspect(answer))
  end
  return answer.result
end

-- Waits until the server has received the changes of these buffers and published diagnostics for them.
local function settle(buffers)
  for _, buffer in ipairs(buffers) do
    -- Neovim delays the notification of changes, but sends it at once before a request.
    ask(buffer, 'textDocument/documentSymbol', { textDocument = vim.lsp.util.make_text_document_params(buffer) })
  end
  for _, buffer in ipairs(buffers) do
    wait('the diagnostics of ' .. vim.api.nvim_buf_get_name(buffer), function()
      return version[vim.uri_from_bufnr(buffer)] == vim.lsp.util.buf_versions[buffer]
    end)
  end
end

-- The names in an outline, at every depth.
local function names(symbols)
  local all = {}
  for _, symbol in ipairs(symbols or {}) do
    all[#all + 1] = symbol.name
    vim.list_extend(all, names(symbol.children))
  end
  return all
end

local function drive()
  -- YAML of another project in the same folder: no server attaches.
  local foreign = open('compose.yaml')
  local one = open('claims/one.yaml')
  wait('the server', function() return #vim.lsp.buf_get_clients(one) == 1 end)
  seen.attached_to_foreign = #vim.lsp.buf_get_clients(foreign)
  local two = open('claims/two.yaml')
  wait('the first diagnostics', function() return told[vim.uri_from_bufnr(two)] ~= nil end)
  seen.clients = #vim.lsp.get_active_clients()
  seen.fileformat = vim.bo[two].fileformat
  seen.before = messages(two)

  -- Type a clash after characters that are one character for people and two units in the protocol.
  replace(two, 'at least 90', '36')
  wait('the clash', function() return says(one, '36') and says(two, '36') end)
  seen.clash = { messages(one), messages(two) }
  replace(two, '\240\157\132\158', '\240\157\132\158\240\157\132\158\n      \195\169\240\157\132\158')
  wait('the moved clash', function()
    local row = find(two, 'value: 36')
    return vim.diagnostic.get(two)[1] and vim.diagnostic.get(two)[1].lnum == row
  end)
  local clash = vim.diagnostic.get(two)[1]
  seen.marked = vim.api.nvim_buf_get_lines(two, clash.lnum, clash.lnum + 1, false)[1]:sub(clash.col + 1, clash.end_col)

  go_to(two, 'about: raid', 8)
  seen.hover = table.concat(vim.lsp.util.convert_input_to_markdown_lines(ask(two, 'textDocument/hover').contents), '\n')
  vim.lsp.buf.definition()
  wait('the definition', function() return vim.api.nvim_buf_get_name(0):find('people.yaml', 1, true) end)
  seen.definition = vim.api.nvim_get_current_line()
  local people = vim.api.nvim_get_current_buf()
  go_to(people, 'raid:')
  local params = vim.lsp.util.make_position_params()
  params.context = { includeDeclaration = false }
  seen.references = vim.tbl_map(function(it)
    return vim.fn.fnamemodify(vim.uri_to_fname(it.uri), ':t')
  end, ask(people, 'textDocument/references', params))
  local document = { textDocument = vim.lsp.util.make_text_document_params(people) }
  seen.symbols = names(ask(people, 'textDocument/documentSymbol', document))

  -- Complete ids in a line that is being written.
  go_to(one, 'claims:')
  vim.api.nvim_buf_set_lines(one, -1, -1, false, { '  more: { by: ' })
  vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(one), 14 })
  local items = ask(one, 'textDocument/completion')
  seen.completion = vim.tbl_map(function(it) return it.label end, items.items or items)
  vim.api.nvim_buf_set_lines(one, -2, -1, false, {})
  settle({ one, two, people })

  -- Rename across open files and one that is not open yet.
  go_to(people, 'raid:')
  vim.lsp.buf.rename('strike')
  wait('the new name', function()
    return text(people):find('strike', 1, true) and text(one):find('about: strike', 1, true)
      and text(two):find('about: strike', 1, true)
  end)
  settle({ one, two, people })
  wait('the clash under its new name', function() return says(one, '36') and says(two, '36') end)

  -- Make a mistake, and choose the action that fixes it from the list.
  replace(one, 'measure: killed', 'measure: kiled')
  wait('the mistake', function() return says(one, 'kiled') end)
  go_to(one, 'kiled', 1)
  vim.ui.select = function(choices, options, chosen)
    seen.actions = vim.tbl_map(function(it) return options.format_item and options.format_item(it) or tostring(it) end, choices)
    for at, title in ipairs(seen.actions) do
      if title:find('killed', 1, true) then
        return chosen(choices[at], at)
      end
    end
  end
  vim.lsp.buf.code_action()
  wait('the fixed text', function() return text(one):find('measure: killed', 1, true) end)

  -- Format a text that is not in the right layout.
  replace(one, 'at: p2 }', 'at: p2 }   ')
  local format = vim.lsp.buf.formatting_sync and function() vim.lsp.buf.formatting_sync(nil, 120000) end
    or function() vim.lsp.buf.format({ timeout_ms = 120000 }) end
  vim.api.nvim_set_current_buf(one)
  format()
  seen.formatted = text(one)
  settle({ one, two, people })
  wait('the clash as before', function() return says(one, '36') and says(two, '36') end)

  vim.cmd('wall')
  seen.done = true
end

local ok, failed = xpcall(drive, debug.traceback)
finish(not ok and tostring(failed) or nil)
