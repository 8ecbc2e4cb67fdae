// Package rest serves the queue API over HTTP: an [http.Handler] that a host mounts
// under a prefix of its choice, so that a client written for that API speaks with an
// [acd.Router] on the first day.
//
//	h, err := rest.New(router, rest.Options{Prefix: "/api", Authorize: authorize})
//	…
//	http.Handle("/api/", h)
//
// Names, types, ranges and defaults are those of the queue API; openapi.json, which
// the handler serves too, has them all. What this library has beyond it appears under
// names of its own: further properties of queues, numbers beside a status, and the
// stream of events.
//
// # Who may do what
//
// Nothing, until the host says so: without Options.Authorize every request is answered
// 403. The hook sees the request and the [Action] that is asked for, and returns the
// [Principal]: whose Router it is (tenants), and which agent he is, for the paths
// /user/… and for the pick-up of a call.
//
// # What goes over the line
//
// JSON in UTF-8. Blank fields are null, and null in a body is the default. Times are
// RFC 3339 in UTC with whole seconds, ids are opaque. A change names what it changes
// and leaves the rest; a property that cannot be changed may be named with the value
// that it has, and is refused with any other. An object is validated as a whole: one
// that is refused has changed nothing.
//
// Lists come as {"count": …, "items": […]}, count being how many there are before skip
// and top. All take filter (see below), search, orderby, skip and top. Servers and
// queues come 100 at a time at the most, as the API has it; of the lists that have no
// pages there, all is sent unless top says how much. A list is read in pages: each is
// consistent in itself.
//
//	filter  = or .
//	or      = and { "or" and } .
//	and     = unary { "and" unary } .
//	unary   = "not" unary | "(" or ")" | call | field [ compare literal ] .
//	call    = ( "startswith" | "endswith" | "contains" ) "(" field "," string ")" .
//	compare = "eq" | "ne" | "gt" | "ge" | "lt" | "le" .
//	literal = string | number | time | "true" | "false" | "null" .
//
// A field alone must be a boolean one. Strings stand in ' or ", which are doubled
// within; times are as they come, bare or as strings. Texts are compared byte by byte,
// null is equal to nothing but null and neither above nor below anything. search=a or
// b finds what has one of the terms in any text, whatever its case. orderby=name desc,
// id sorts by several fields, null first.
//
// The ETag of a queue is the revision of its configuration, that of its agents the
// revision of the list, and an entry of a list of callers has one, which is that of its
// queues and agents too (how often a blocked caller was met does not count): with
// If-Match a change, or an end, is refused (412) if somebody else was faster. Nothing
// else has an ETag. Without If-Match what others say meanwhile, at another handler or to
// the router itself, is not undone: a change is made of what there is when it acts. One
// that ten others overtake is refused as well.
//
// # Errors
//
//	{"errors":[{"code":"VALIDATE_FAILED","message":"…","detail":"ring_time 0: must be 1..65535 s; …"}]}
//
//	400  BAD_REQUEST          the body is not JSON, or not an object
//	     VALIDATE_FAILED      every problem is in detail, with its value and range; of
//	                          more than a thousand the first
//	401  UNAUTHORIZED         the hook knows nobody: see [ErrUnauthorized]
//	403  FORBIDDEN            the hook refuses
//	404  NOT_FOUND
//	405  METHOD_NOT_ALLOWED
//	409  ALREADY_EXISTS, AGENT_BUSY, NOT_WAITING
//	412  CHANGED_MEANWHILE
//	413  BODY_TOO_LARGE
//	414  URI_TOO_LONG
//	415  UNSUPPORTED_MEDIA_TYPE
//	431  HEADERS_TOO_LARGE
//	500  INTERNAL_ERROR       what it was is in the host's log
//	503  ROUTER_CLOSED, NOT_DURABLE (applied, not yet stored: do not repeat it),
//	     TOO_MANY_STREAMS
//
// # Events
//
// GET /events is a stream of Server-Sent Events: the state in pages (queues, agents,
// calls), an event named ready, and then every change with its number as its id. A
// client that comes back with Last-Event-ID goes on from there; if that is too long
// ago, or before a restart, he gets the state again. The state may show already what
// the first changes tell: they say what is, not by how much it differs. A reader who
// falls behind further than [acd.Watched] events is told so, by an event named end,
// and cut off; so is one whose connection takes nothing for Options.WriteTimeout. No
// reader slows routing. Whether he may read is asked once, when the stream begins: he sees
// everything that the router tells.
//
// # Deployment
//
// Limits of time and size are the handler's but for those of the connection, which are
// the server's: see [Server]. An answer too, if it is long, is broken off once nobody has
// taken a piece of it for Options.WriteTimeout, unless the server has a limit of its own
// for answers. Prompt files are the host's, see [Prompts]. A handler has
// no state of its own; it is safe for any number of goroutines.
package rest
