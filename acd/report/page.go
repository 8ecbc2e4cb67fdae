package report

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"os"
	"strings"
)

// Page is a self-contained HTML page: no scripts, no fonts or pictures from
// elsewhere, light or dark as the reader's system is, fit to be printed.
type Page struct {
	Title string
	// Lead is what the page says, in a sentence or two, for who reads no more.
	Lead     []string
	Sections []Section
}

// Section is a part of a [Page]: text, then a table, then figures, then what is
// to be said about them. Any of them may be absent.
type Section struct {
	Title   string
	Text    []string // paragraphs
	Table   *Table
	Figures []Figure
	After   []string // paragraphs
}

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string

	pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
		"style": func() template.CSS { return template.CSS(pageCSS) },
		"lines": func(title string) []string { return strings.Split(title, "\n") },
		"cells": cells,
	}).Parse(pageHTML))
)

// Write writes the page.
func (p Page) Write(w io.Writer) error { return pageTemplate.Execute(w, p) }

// WriteFile writes the page to a file, which is made or overwritten. A file that cannot
// be written is an [os.PathError], which names it; everybody may read what the umask of
// the process leaves.
func (p Page) WriteFile(name string) error {
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		return err
	}
	return os.WriteFile(name, b.Bytes(), 0o666)
}

// pageCell is a cell of a table on the page.
type pageCell struct {
	Text string
	Left bool
}

func cells(columns []Column, row []string) []pageCell {
	out := make([]pageCell, len(columns))
	for i, c := range columns {
		out[i] = pageCell{Text: printable(cell(row, i)), Left: c.Text}
	}
	return out
}
