-- For wrk: asks for the targets in the file $REQUESTS, one after the other, with the header "$HEADER: $VALUE" if there is one, and
-- prints one line for Wrk.cs: requests, bytes, duration in us, median and 99th percentile in us, error statuses, broken connections.
local requests, at = {}, 0

function init(args)
  local header = os.getenv("HEADER")
  if header and header ~= "" then wrk.headers[header] = os.getenv("VALUE") end
  for target in io.lines(os.getenv("REQUESTS")) do
    requests[#requests + 1] = wrk.format("GET", target)
  end
  -- Connections of one thread go through the list from different places.
  math.randomseed(1)
  at = math.random(#requests)
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency, _)
  local errors = summary.errors
  print(string.format("BENCH %d %d %d %d %d %d %d", summary.requests, summary.bytes, summary.duration, latency:percentile(50),
    latency:percentile(99), errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
