-- For wrk: asks for the targets in the file $REQUESTS, one after the other from number $FIRST on, with the header "$HEADER: $VALUE" if there
-- is one. Ends after $COUNT requests if that is not empty; waits $DELAY ms before each request of a connection if that is not empty. Prints
-- one line for Wrk.cs: requests, bytes, duration in us, median and 99th percentile in us, error statuses, broken connections.
--
-- A million targets are one string and one array of numbers: as a table of requests they would not fit into LuaJIT's memory.
local ffi = require("ffi")
ffi.cdef("int kill(int process, int signal); int getpid(void);")
local SIGINT = 2
local text, ends, count, at, left, before, after

function init(args)
  local header = os.getenv("HEADER")
  if header and header ~= "" then wrk.headers[header] = os.getenv("VALUE") end
  local mark = "/TARGET"
  local whole = wrk.format("GET", mark)
  local from, to = whole:find(mark, 1, true)
  before, after = whole:sub(1, from - 1), whole:sub(to + 1)

  local file = io.open(os.getenv("REQUESTS"), "rb")
  text = file:read("*a")
  file:close()
  count = select(2, text:gsub("\n", ""))
  ends = ffi.new("int32_t[?]", count + 1)
  local found = 0
  for number = 1, count do
    found = text:find("\n", found + 1, true)
    ends[number] = found
  end
  at = tonumber(os.getenv("FIRST")) % count
  left = tonumber(os.getenv("COUNT")) or math.huge
end

function request()
  left = left - 1
  if left == -1 then
    -- The loop of connections ends, and so does the wait for the end of the time.
    wrk.thread:stop()
    ffi.C.kill(ffi.C.getpid(), SIGINT)
  end
  at = at % count + 1
  return before .. text:sub(ends[at - 1] + 1, ends[at] - 1) .. after
end

local pause = tonumber(os.getenv("DELAY"))
if pause then
  function delay() return pause end
end

function done(summary, latency, _)
  local errors = summary.errors
  print(string.format("BENCH %d %d %d %d %d %d %d", summary.requests, summary.bytes, summary.duration, latency:percentile(50),
    latency:percentile(99), errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
