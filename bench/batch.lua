-- Batches of 100 Segment track events, each with a message id of its own.
-- wrk -t1 -c8 -d10s -s bench/batch.lua http://127.0.0.1:8080 -- WRITE_KEY

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local event = '{"type":"track","event":"White Paper Downloaded","messageId":"%s",'
  .. '"userId":"user-%d","properties":{"plan":"pro","seats":25,"source":"pricing page"},'
  .. '"context":{"page":{"path":"/pricing","url":"https://www.example.com/pricing"},'
  .. '"library":{"name":"@segment/analytics-node","version":"3.1.0"}}}'

local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function base64(text)
  local coded = {}
  for i = 1, #text, 3 do
    local a, b, c = text:byte(i, i + 2)
    local bits = a * 65536 + (b or 0) * 256 + (c or 0)
    for shift = 0, 3 do
      local sextet = math.floor(bits / 64 ^ (3 - shift)) % 64
      local missing = (shift == 2 and not b) or (shift == 3 and not c)
      coded[#coded + 1] = missing and "=" or alphabet:sub(sextet + 1, sextet + 1)
    end
  end
  return table.concat(coded)
end

function init(args)
  counter = 0
  prefix = string.format("batch-%d-%d-", os.time(), number)
  wrk.method = "POST"
  wrk.path = "/v1/batch"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Basic " .. base64((args[1] or "bench") .. ":")
end

function request()
  local events = {}
  for i = 1, 100 do
    counter = counter + 1
    events[i] = event:format(prefix .. counter, counter % 10000)
  end
  return wrk.format(nil, nil, nil, '{"batch":[' .. table.concat(events, ",") .. "]}")
end

function done(summary, latency)
  io.write(string.format("events/s %.0f  p50 %.2f ms  p99 %.2f ms  not 2xx %d\n",
    summary.requests * 100 / summary.duration * 1e6, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, summary.errors.status))
end
