// Package report shows results: aligned text tables for a terminal, and one
// self-contained HTML page with tables and plots. It knows nothing of queues;
// acd/replay and acd/sim fill it with their numbers.
//
// Everything here is a value that is made, filled and written once. Nothing is
// safe for concurrent use while it is being filled, and the same values always
// give the same bytes. Texts may come from outside (the name of an agent in a
// log file): they are escaped wherever they are written.
package report
