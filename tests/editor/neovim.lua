-- A spec in Neovim without a screen: asks, repairs, renames, and writes what it saw.
local out = {}
local buf = vim.api.nvim_get_current_buf()

local function wait(what, done)
  assert(vim.wait(60000, done, 50), "never " .. what)
end

local function ask(method, params)
  params = params or {}
  params.textDocument = vim.lsp.util.make_text_document_params(buf)
  local answers = vim.lsp.buf_request_sync(buf, method, params, 60000)
  for _, answer in pairs(answers or {}) do
    assert(not answer.error, vim.inspect(answer.error))
    return answer.result
  end
end

local function codes()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(buf, { severity = vim.diagnostic.severity.ERROR })) do
    table.insert(found, one.code or one.user_data.lsp.code)
  end
  return found
end

if vim.lsp.config then
  dofile(os.getenv("CONVCALC_LINES")) -- the lines of docs/editors.md
  vim.bo[buf].filetype = "yaml"
else
  local id = vim.lsp.start_client({ name = "convcalc", cmd = { "convcalc", "lsp" } })
  wait("started", function() return vim.lsp.get_client_by_id(id) ~= nil end)
  vim.bo[buf].filetype = "yaml"
  vim.lsp.buf_attach_client(buf, id)
end

wait("a finding", function() return #codes() > 0 end)
out.before = codes()
local place = { line = 4, character = 5 }
local line = { start = place, ["end"] = place }
local actions = ask("textDocument/codeAction", { range = line, context = { diagnostics = {} } })
out.action = actions[1].title
vim.lsp.util.apply_workspace_edit(actions[1].edit, "utf-16")
wait("repaired", function() return #codes() == 0 end)

local whole = { start = { line = 0, character = 0 }, ["end"] = { line = 9, character = 0 } }
out.hints = {}
for _, hint in ipairs(ask("textDocument/inlayHint", { range = whole })) do
  table.insert(out.hints, hint.label)
end
out.hover = ask("textDocument/hover", { position = { line = 2, character = 5 } }).contents.value
out.lens = ask("textDocument/codeLens")[1].command.title
local edit = ask("textDocument/rename", { position = { line = 6, character = 11 }, newName = "stem" })
vim.lsp.util.apply_workspace_edit(edit, "utf-16")
out.after = vim.api.nvim_buf_get_lines(buf, 0, -1, false)
local file = assert(io.open(os.getenv("CONVCALC_OUT"), "w"))
file:write(vim.fn.json_encode(out))
file:close()
vim.cmd("qall!")
