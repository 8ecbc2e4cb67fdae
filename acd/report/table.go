package report

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Table is a table for people: the same for a terminal ([Table.WriteText]) and
// for a page ([Section.Table]).
type Table struct {
	Columns []Column
	Rows    [][]string // a short row is filled up with empty cells, a long one is cut
	Notes   []string   // what the reader must know to read it, one line each
	// Alike says that no row stands out. Otherwise a page sets the first in bold,
	// as the one that the others are compared with.
	Alike bool
}

// Column is a column of a [Table].
type Column struct {
	// Title is its heading; a line feed in it breaks the line.
	Title string
	// Text sets the column flush left; numbers are set flush right.
	Text bool
}

// Columns returns columns with these titles: the first for text, the others for
// numbers.
func Columns(titles ...string) []Column {
	columns := make([]Column, len(titles))
	for i, title := range titles {
		columns[i] = Column{Title: title, Text: i == 0}
	}
	return columns
}

// Add adds a row.
func (t *Table) Add(cells ...string) { t.Rows = append(t.Rows, cells) }

// WriteText writes the table with aligned columns, a rule below the heading and
// the notes below the table. Control characters in cells are written as �, so
// that a text from outside cannot move a terminal's cursor.
func (t Table) WriteText(w io.Writer) error {
	heads := make([][]string, len(t.Columns))
	widths := make([]int, len(t.Columns))
	height := 0
	for i, c := range t.Columns {
		heads[i] = strings.Split(c.Title, "\n")
		height = max(height, len(heads[i]))
		for j, line := range heads[i] {
			heads[i][j] = printable(line)
			widths[i] = max(widths[i], utf8.RuneCountInString(heads[i][j]))
		}
		for _, row := range t.Rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(printable(cell(row, i))))
		}
	}

	var b strings.Builder
	line := func(text func(column int) string) {
		var l strings.Builder
		for i, c := range t.Columns {
			if i > 0 {
				l.WriteString("  ")
			}
			pad(&l, text(i), widths[i], c.Text)
		}
		b.WriteString(strings.TrimRight(l.String(), " "))
		b.WriteByte('\n')
	}
	for h := range height {
		line(func(i int) string { return cell(heads[i], h-height+len(heads[i])) }) // headings stand on the rule
	}
	line(func(i int) string { return strings.Repeat("─", widths[i]) })
	for _, row := range t.Rows {
		line(func(i int) string { return printable(cell(row, i)) })
	}
	for _, note := range t.Notes {
		b.WriteString(printable(note))
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteTables writes tables one below the other, for a terminal. The first error of w
// ends it and is returned.
func WriteTables(w io.Writer, tables ...*Table) error {
	for i, t := range tables {
		if i > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		if err := t.WriteText(w); err != nil {
			return err
		}
	}
	return nil
}

// cell returns row[i], or nothing where there is none.
func cell(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return row[i]
}

func pad(b *strings.Builder, text string, width int, left bool) {
	blanks := strings.Repeat(" ", width-utf8.RuneCountInString(text))
	if left {
		b.WriteString(text + blanks)
	} else {
		b.WriteString(blanks + text)
	}
}

// printable returns s with every control character and every broken byte as �.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return utf8.RuneError
		}
		return r
	}, s)
}
