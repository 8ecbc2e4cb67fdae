package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// mutant is one change of one file.
type mutant struct {
	file     string
	line     int
	from, to int // the bytes that are replaced
	text     string
	source   []byte
}

// String returns e.g. "agent/agent.go:117: a.offer == nil → a.offer != nil".
func (m mutant) String() string {
	old := strings.Join(strings.Fields(string(m.source[m.from:m.to])), " ")
	const most = 60
	if len(old) > most {
		old = old[:most] + "…"
	}
	text := m.text
	if text == "" {
		text = "nothing"
	}
	if len(text) > most {
		text = text[:most] + "…"
	}
	return fmt.Sprintf("%s:%d: %s → %s", m.file, m.line, old, strings.Join(strings.Fields(text), " "))
}

// apply returns the changed file.
func (m mutant) apply() []byte {
	out := append([]byte(nil), m.source[:m.from]...)
	out = append(out, m.text...)
	return append(out, m.source[m.to:]...)
}

// others are what an operator becomes.
var others = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.LAND: token.LOR, token.LOR: token.LAND, token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO,
}

// find lists the mutants of a package, in the order of its source.
func find(pkg string) (all []mutant, err error) {
	files, err := filepath.Glob(filepath.Join(pkg, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, file, source, 0)
		if err != nil {
			return nil, err
		}
		f := finder{file: filepath.ToSlash(file), source: source, set: set}
		for _, d := range tree.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && fn.Name.Name != "String" {
				ast.Inspect(fn.Body, f.visit)
			}
		}
		all = append(all, f.mutants...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: nothing to change", pkg)
	}
	return all, nil
}

type finder struct {
	file    string
	source  []byte
	set     *token.FileSet
	mutants []mutant
}

func (f *finder) text(n ast.Node) string {
	return string(f.source[f.set.Position(n.Pos()).Offset:f.set.Position(n.End()).Offset])
}

func (f *finder) replace(from, to token.Pos, text string) {
	at := f.set.Position(from)
	f.mutants = append(f.mutants, mutant{f.file, at.Line, at.Offset, f.set.Position(to).Offset, text, f.source})
}

// visit adds the mutants of a node.
func (f *finder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if other, ok := others[n.Op]; ok {
			f.replace(n.Pos(), n.End(), f.text(n.X)+" "+other.String()+" "+f.text(n.Y))
		}
	case *ast.IfStmt:
		f.replace(n.Cond.Pos(), n.Cond.End(), "!("+f.text(n.Cond)+")")
	case *ast.Ident:
		if n.Name == "true" || n.Name == "false" {
			f.replace(n.Pos(), n.End(), strconv.FormatBool(n.Name == "false"))
		}
	case *ast.BasicLit:
		if i, err := strconv.Atoi(n.Value); n.Kind == token.INT && err == nil {
			f.replace(n.Pos(), n.End(), strconv.Itoa(i+1))
		}
	case *ast.ExprStmt:
		f.replace(n.Pos(), n.End(), "")
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			f.replace(n.Pos(), n.End(), "")
		}
	case *ast.IncDecStmt:
		f.replace(n.Pos(), n.End(), "")
	case *ast.BranchStmt:
		if n.Tok == token.CONTINUE || n.Tok == token.BREAK {
			f.replace(n.Pos(), n.End(), "")
		}
	}
	return true
}
