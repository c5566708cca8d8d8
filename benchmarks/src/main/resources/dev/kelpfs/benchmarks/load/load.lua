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
  filling = 0
  -- Each collection walks all targets, for a few requests' worth of garbage; at ten times the live memory there are few.
  collectgarbage("setpause", 1000)
  vary_middle()
end

-- LuaJIT hashes a long string by a few of its bytes, at the ends, in the middle and at a quarter, and keeps all strings in
-- one table: requests that differ in their target only would fall on each other there, and looking them up cost more than
-- sending them. So some bytes in the middle of a long request, which lie in its body, change from one to the next.
function vary_middle()
  fillings = {""}
  local front = #method + 1 + #targets[1]
  local middle = math.floor((front + #rest) / 2) - front
  if #rest < 512 then
    before, after = rest, ""
    return
  end
  before, after = rest:sub(1, middle - 16), rest:sub(middle + 17)
  for i = 1, 16384 do
    fillings[i] = string.format("%04x", i):rep(8)
  end
end

function request()
  if random_order then
    next_target = math.random(#targets)
  else
    next_target = next_target % #targets + 1
  end
  filling = filling % #fillings + 1
  return method .. " " .. targets[next_target] .. before .. fillings[filling] .. after
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("kelp-load %d %d %d %d %d\n", summary.requests,
    e.connect + e.read + e.write + e.status + e.timeout, summary.duration,
    latency:percentile(50), latency:percentile(99)))
end
