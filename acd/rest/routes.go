package rest

import "net/http"

// routes are the operations by path and method.
func routes() map[string]map[string]operation {
	read := func(name string, serve func(*request) (*reply, error)) operation {
		return operation{action: Action{Name: name}, serve: serve}
	}
	write := func(name string, serve func(*request) (*reply, error)) operation {
		return operation{action: Action{Name: name, Write: true}, serve: serve}
	}
	own := func(o operation) operation {
		o.action.Own = true
		return o
	}
	all := make(map[string]map[string]operation)
	get := func(path string, o operation) {
		all[path] = map[string]operation{http.MethodGet: o}
	}
	post := func(path string, o operation) {
		if all[path] == nil {
			all[path] = make(map[string]operation)
		}
		all[path][http.MethodPost] = o
	}

	get("/user/call_queues", own(read("listOwnQueues", listOwnQueues)))
	get("/user/call_queues/{id}/agent", own(read("getOwnAgent", getOwnAgent)))
	post("/user/call_queues/{id}/agent", own(write("setOwnStatus", setOwnStatus)))
	get("/users/{id}/call_queues", read("listUserQueues", listUserQueues))
	get("/users/{id}/call_queues/{queue_id}/agent", read("getUserAgent", getUserAgent))
	post("/users/{id}/call_queues/{queue_id}/agent", write("setUserStatus", setUserStatus))

	get("/call_queue_servers", read("listServers", listServers))
	post("/call_queue_servers", write("createServer", createServer))
	get("/call_queue_servers/{id}", read("getServer", getServer))
	post("/call_queue_servers/{id}", write("updateServer", updateServer))
	get("/call_queue_servers/{id}/status", read("getServerStatus", getServerStatus))
	post("/call_queue_servers/{id}/destroy", write("destroyServer", destroyServer))

	get("/call_queues", read("listQueues", listQueues))
	post("/call_queues", write("createQueue", createQueue))
	get("/call_queues/{id}", read("getQueue", getQueue))
	post("/call_queues/{id}", write("updateQueue", updateQueue))
	get("/call_queues/{id}/status", read("getQueueStatus", getQueueStatus))
	post("/call_queues/{id}/destroy", write("destroyQueue", destroyQueue))
	get("/call_queues/{id}/waiting", read("listWaiting", listWaiting))
	post("/call_queues/{id}/waiting/{session_id}/pickup", own(write("pickUp", pickUp)))
	get("/call_queues/{id}/agents", read("listAgents", listAgents))
	post("/call_queues/{id}/agents", write("replaceAgents", replaceAgents))
	get("/call_queues/{id}/agents/{agent_number}", read("getAgent", getAgent))
	post("/call_queues/{id}/agents/{agent_number}", write("setAgentStatus", setAgentStatus))

	get("/exclusive_numbers", read("listExclusiveNumbers", listExclusive))
	post("/exclusive_numbers", write("createExclusiveNumber", createExclusive))
	get("/exclusive_numbers/export", read("exportExclusiveNumbers", exportExclusive))
	get("/exclusive_numbers/{id}", read("getExclusiveNumber", getExclusive))
	post("/exclusive_numbers/{id}", write("updateExclusiveNumber", updateExclusive))
	post("/exclusive_numbers/{id}/destroy", write("destroyExclusiveNumber", destroyExclusive))
	get("/exclusive_numbers/{id}/call_queues", read("listExclusiveQueues", listExclusiveQueues))
	get("/exclusive_numbers/{id}/call_queues/{queue_id}/agents", read("listExclusiveAgents", listExclusiveAgents))
	post("/exclusive_numbers/{id}/call_queues/{queue_id}/agents", write("replaceExclusiveAgents", replaceExclusiveAgents))
	post("/exclusive_numbers/{id}/call_queues/{queue_id}/destroy", write("destroyExclusiveQueue", destroyExclusiveQueue))

	get("/vip_numbers", read("listVipNumbers", listVIP))
	post("/vip_numbers", write("createVipNumber", createVIP))
	get("/vip_numbers/export", read("exportVipNumbers", exportVIP))
	get("/vip_numbers/{id}", read("getVipNumber", getVIP))
	post("/vip_numbers/{id}", write("updateVipNumber", updateVIP))
	post("/vip_numbers/{id}/destroy", write("destroyVipNumber", destroyVIP))

	get("/call_queue_blacklisted_numbers", read("listBlacklistedNumbers", listBlocked))
	post("/call_queue_blacklisted_numbers", write("createBlacklistedNumber", createBlocked))
	get("/call_queue_blacklisted_numbers/export", read("exportBlacklistedNumbers", exportBlocked))
	get("/call_queue_blacklisted_numbers/{id}", read("getBlacklistedNumber", getBlocked))
	post("/call_queue_blacklisted_numbers/{id}", write("updateBlacklistedNumber", updateBlocked))
	post("/call_queue_blacklisted_numbers/{id}/destroy", write("destroyBlacklistedNumber", destroyBlocked))
	get("/call_queue_blacklist_prompts", read("getBlacklistPrompts", getBlacklistPrompts))
	post("/call_queue_blacklist_prompts", write("updateBlacklistPrompts", updateBlacklistPrompts))

	get("/events", operation{action: Action{Name: "watchEvents"}, stream: watchEvents})
	get("/openapi.json", read("getDocument", getDocument))
	return all
}
