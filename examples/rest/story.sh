#!/usr/bin/env bash
# Tells the story of the README: go run ./examples/rest, then this.
set -euo pipefail
api=${1:-http://127.0.0.1:8080}/api

# as TOKEN PATH ARGUMENT… asks with curl, and shows the request and its answer.
as() {
	local token=$1 path=$2 shown='' a
	shift 2
	for a in "$@"; do
		[[ $a == -* ]] && shown+=" $a" || shown+=" '$a'"
	done
	printf '$ as %s "$api%s"%s\n' "$token" "${path//$queue/\$queue}" "${shown//\'POST\'/POST}" | sed "s/$call/\$call/" >&2
	a=$(curl -sS -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "$api$path" "$@")
	[[ -z $a ]] || echo "$a" >&2
	echo "$a"
}

queue=NONE call=NONE
answer=$(as admin /call_queues -d '{"name":"Support","extension_number":"8000","polling_strategy":"CYCLIC_HUNT","ring_time":15}')
queue=$(sed 's/.*"id":"\([^"]*\)".*/\1/' <<<"$answer")
echo "\$ queue=$queue" >&2
{
	as admin "/call_queues/$queue/agents" -d '{"items":[{"extension_number":"1001"},{"extension_number":"1002","skill_level":5}]}'
	as admin "/call_queues/$queue/agents/1002" -d '{"status":"BREAK","reason":"coffee"}'
	as anna "/user/call_queues/$queue/agent" -d '{"status":"BREAK"}'
	echo "\$ call=\$(curl -sS -d to=8000 --data-urlencode from=+4930123456 \${api%/api}/phone/calls)" >&2
	call=$(curl -sS -d to=8000 --data-urlencode from=+4930123456 "${api%/api}/phone/calls")
	sleep 2
	as ben "/call_queues/$queue/waiting"
	as anna "/call_queues/$queue/waiting/$call/pickup" -X POST
	as anna "/user/call_queues/$queue/agent"
	as admin "/call_queues/$queue/agents?filter=status%20eq%20'BREAK'%20and%20skill_level%20ge%205"
	as admin "/call_queues/$queue" -d '{"ring_time":0,"max_waiting_time":5,"extension_number":"8001"}'
	as ben "/call_queues/$queue/destroy" -X POST
	as admin "/call_queues/$queue/status"
	as admin "/call_queues/$queue/destroy" -X POST
} >/dev/null
