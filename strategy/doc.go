// Package strategy is about the order in which agents ring.
package strategy
