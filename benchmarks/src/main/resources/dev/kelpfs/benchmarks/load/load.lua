-- One workload for wrk. Arguments after "--": method, file of targets, "random" or "sequential", file of what follows
-- the target in the request (rest of the request line, headers, body), number of threads.
-- Prints one line that begins with "kelp-load" and is read by WrkLoad.

local thread_count = 0

function setup(thread)
  thread:set("index", thread_count)
  thread_count = thread_count + 1
end

function init(args)
  method = args[1]
  random_order = args[3] == "random"
  local file = assert(io.open(args[4], "rb"))
  rest = file:read("*a")
  file:close()
  local threads = tonumber(args[5])
  targets = {}
  local line_number = 0
  for line in io.lines(args[2]) do
    if random_order or line_number % threads == index then
      targets[#targets + 1] = line
    end
    line_number = line_number + 1
  end
  if #targets == 0 then targets[1] = "/" end
  math.randomseed(index + 1)
  next_target = 0
end

function request()
  if random_order then
    next_target = math.random(#targets)
  else
    next_target = next_target % #targets + 1
  end
  return method .. " " .. targets[next_target] .. rest
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("kelp-load %d %d %d %d %d\n", summary.requests,
    e.connect + e.read + e.write + e.status + e.timeout, summary.duration,
    latency:percentile(50), latency:percentile(99)))
end
