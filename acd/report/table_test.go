package report

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTableAlignsItsColumns(t *testing.T) {
	t.Parallel()
	table := Table{Columns: Columns("strategy", "wait\nmean, s", "n"), Notes: []string{"A note."}}
	table.Add("CYCLIC_HUNT", "40.8", "7")
	table.Add("Größe", "140.85")
	table.Add("x", "1", "2", "too many")
	var b strings.Builder
	require.NoError(t, table.WriteText(&b))
	assert.Equal(t, strings.Join([]string{
		"                wait",
		"strategy     mean, s  n",
		"───────────  ───────  ─",
		"CYCLIC_HUNT     40.8  7",
		"Größe         140.85",
		"x                  1  2",
		"A note.",
		"",
	}, "\n"), b.String())
}

func TestTableCannotMoveTheCursor(t *testing.T) {
	t.Parallel()
	table := Table{Columns: Columns("agent"), Notes: []string{"\x1b[2J"}}
	table.Add("\x1b[31mred\r\n\u202e")
	var b strings.Builder
	require.NoError(t, table.WriteText(&b))
	assert.NotContains(t, b.String(), "\x1b")
	assert.NotContains(t, b.String(), "\r")
	assert.NotContains(t, b.String(), "\u202e")
}

func TestTableReportsAWriterThatFails(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	assert.ErrorIs(t, Table{Columns: Columns("a")}.WriteText(writer{full}), full)
	assert.ErrorIs(t, WriteTables(writer{full}, &Table{Columns: Columns("a")}), full)
}

func TestTablesStandOneBelowTheOther(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	require.NoError(t, WriteTables(&b, &Table{Columns: Columns("a")}, &Table{Columns: Columns("b")}))
	assert.Equal(t, "a\n─\n\nb\n─\n", b.String())
}

type writer struct{ err error }

func (w writer) Write([]byte) (int, error) { return 0, w.err }

func TestNumbersAsText(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "40.8", Fixed(40.77, 1))
	assert.Equal(t, None, Fixed(math.NaN(), 1))
	assert.Equal(t, None, Fixed(math.Inf(1), 1))
	assert.Equal(t, "12.5 %", Percent(0.125))
	assert.Equal(t, None, Percent(Ratio(1, 0)))
	assert.Equal(t, "90.0 s", Seconds(90*time.Second))
}
