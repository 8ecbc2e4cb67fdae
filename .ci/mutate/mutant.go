package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// mutant is one change of one file.
type mutant struct {
	id   int // from 1
	pkg  string
	file string
	line int
	fn   string
	text string // old → new
	nth  int    // of those in the function that read the same, from 1
}

// String returns e.g. "agent/agent.go:117 Agent.Offer: a.offer == nil → a.offer != nil".
func (m *mutant) String() string {
	return fmt.Sprintf("%s:%d %s", m.file, m.line, strings.TrimPrefix(m.key(), m.file+" "))
}

// key is String without the line, which changes too often.
func (m *mutant) key() string {
	key := fmt.Sprintf("%s %s: %s", m.file, m.fn, m.text)
	if m.nth > 1 {
		key += fmt.Sprintf(" #%d", m.nth)
	}
	return key
}

// others are what an operator becomes.
var others = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.LAND: token.LOR, token.LOR: token.LAND, token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO,
}

// calls are the functions of the switchboard that stand for two operators.
var calls = map[token.Token]string{
	token.LSS: "Less", token.LEQ: "AtMost", token.GTR: "More", token.GEQ: "AtLeast",
	token.ADD: "Plus", token.SUB: "Minus", token.MUL: "Times",
}

// visit adds the mutants of a node.
func (f *file) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GenDecl:
		return n.Tok != token.CONST
	case *ast.ArrayType:
		return false // its length is a constant
	case *ast.CallExpr:
		f.skipArguments(n)
	case *ast.CompositeLit:
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				f.skip[kv.Key] = true
			}
		}
	case *ast.BinaryExpr:
		f.operator(n)
	case *ast.IfStmt:
		f.condition(n)
	case *ast.ReturnStmt:
		f.result(n)
	case *ast.Ident:
		if !f.skip[n] && (n.Name == "true" || n.Name == "false") && f.info.Uses[n] == types.Universe.Lookup(n.Name) && f.isBool(n) {
			f.flip(n, strconv.FormatBool(n.Name == "false"))
		}
	case *ast.BasicLit:
		f.number(n)
	case *ast.BlockStmt:
		f.drop(n.List)
	case *ast.CaseClause:
		f.drop(n.Body)
	case *ast.CommClause:
		f.drop(n.Body)
	}
	return n != nil && !f.skip[n]
}

// skipArguments leaves out the capacities of make and texts for people.
func (f *file) skipArguments(n *ast.CallExpr) {
	name := f.str(n.Fun)
	switch {
	case name == "make" && len(n.Args) == 3:
		f.skip[n.Args[2]] = true
	case name == "make" && len(n.Args) == 2:
		if _, ok := f.info.TypeOf(n.Args[0]).Underlying().(*types.Slice); !ok {
			f.skip[n.Args[1]] = true
		}
	case name == "slices.Grow":
		f.skip[n.Args[1]] = true
	}
}

// operator changes an operator for its neighbour.
func (f *file) operator(n *ast.BinaryExpr) {
	other, ok := others[n.Op]
	value := f.info.Types[n]
	if !ok || value.Value != nil || f.skip[n] {
		return
	}
	x, y := f.str(n.X), f.str(n.Y)
	open := func() *mutant { return f.add(n, x+" "+n.Op.String()+" "+y, x+" "+other.String()+" "+y) }
	switch n.Op {
	case token.EQL, token.NEQ:
		if f.isBool(n) {
			f.flip(n, x+" "+other.String()+" "+y)
		}
	case token.LAND, token.LOR:
		// By De Morgan: !(!x && !y) is x || y, and y is looked at when it was.
		if f.isBool(n) && f.isBool(n.X) && f.isBool(n.Y) {
			on := fmt.Sprintf(") != switches.On(%d))", open().id)
			f.around(n, "((", on)
			f.around(n.X, "((", on)
			f.around(n.Y, "((", on)
		}
	default:
		if f.idiom[n] || !isOrdered(f.info.TypeOf(n.X), n.Op) {
			return
		}
		f.around(n, fmt.Sprintf("switches.%s(%d, ", calls[n.Op], open().id), ")")
		f.edits = append(f.edits, edit{at: f.offset(n.OpPos), len: len(n.Op.String()), text: ","})
	}
}

// isOrdered says whether the switchboard's function takes the type: comparisons
// all that is ordered, arithmetic all but texts.
func isOrdered(t types.Type, op token.Token) bool {
	basic, ok := t.Underlying().(*types.Basic)
	if _, parameter := t.(*types.TypeParam); !ok || parameter {
		return false
	}
	switch op {
	case token.ADD, token.SUB, token.MUL:
		return basic.Info()&(types.IsInteger|types.IsFloat) != 0
	}
	return basic.Info()&types.IsOrdered != 0
}

// condition turns the condition of an if round. What turns == round is a mutant
// already, and that < becomes <= changes nothing in the idiom of a minimum.
func (f *file) condition(n *ast.IfStmt) {
	b, ok := n.Cond.(*ast.BinaryExpr)
	if ok && (b.Op == token.EQL || b.Op == token.NEQ) {
		return
	}
	if ok && len(n.Body.List) == 1 && n.Else == nil {
		if as, is := n.Body.List[0].(*ast.AssignStmt); is && len(as.Lhs) == 1 {
			l, r, x, y := f.str(as.Lhs[0]), f.str(as.Rhs[0]), f.str(b.X), f.str(b.Y)
			f.idiom[b] = l == x && r == y || l == y && r == x
		}
	}
	if f.isBool(n.Cond) {
		f.flip(n.Cond, "!("+f.str(n.Cond)+")")
	}
}

// result turns a returned boolean round, if nothing in it is turned round. The
// zeros beside an error mean nothing.
func (f *file) result(n *ast.ReturnStmt) {
	if last := len(n.Results) - 1; last > 0 && f.str(n.Results[last]) != "nil" && types.Identical(f.info.TypeOf(n.Results[last]), types.Universe.Lookup("error").Type()) {
		for _, r := range n.Results[:last] {
			f.skip[r] = f.str(r) == "0" || f.str(r) == "false"
		}
	}
	for _, r := range n.Results {
		switch r := r.(type) {
		case *ast.CallExpr, *ast.SelectorExpr, *ast.UnaryExpr, *ast.IndexExpr:
			if f.isBool(r) {
				f.flip(r, "!("+f.str(r)+")")
			}
		}
	}
}

// number adds 1 to a constant.
func (f *file) number(n *ast.BasicLit) {
	i, err := strconv.Atoi(n.Value)
	if n.Kind != token.INT || err != nil || f.skip[n] {
		return
	}
	if name := f.typeName(f.info.TypeOf(n)); name != "" {
		m := f.add(n, n.Value, strconv.Itoa(i+1))
		f.around(n, fmt.Sprintf("%s(switches.Int(%d, ", name, m.id), "))")
	}
}

// typeName is how the file calls a type of numbers, "" if it cannot.
func (f *file) typeName(t types.Type) string {
	switch t := t.(type) {
	case *types.Basic:
		if t.Info()&types.IsUntyped == 0 && t.Info()&types.IsNumeric != 0 {
			return t.Name()
		}
	case *types.Named:
		switch pkg := t.Obj().Pkg(); {
		case t.Obj().Parent() != pkg.Scope():
		case pkg == f.types:
			return t.Obj().Name()
		case f.imports[pkg.Path()]:
			return pkg.Name() + "." + t.Obj().Name()
		}
	}
	return ""
}

// drop leaves statements out.
func (f *file) drop(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt, *ast.IncDecStmt:
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE || f.str(s.Lhs[0]) == "_" {
				continue
			}
		case *ast.BranchStmt:
			if s.Tok != token.CONTINUE && s.Tok != token.BREAK {
				continue
			}
		default:
			continue
		}
		m := f.add(s, f.str(s), "nothing")
		f.around(s, fmt.Sprintf("if !switches.On(%d) { ", m.id), " }")
	}
}

// flip turns a boolean round when the switch is on.
func (f *file) flip(n ast.Expr, text string) {
	m := f.add(n, f.str(n), text)
	f.around(n, "((", fmt.Sprintf(") != switches.On(%d))", m.id))
}

// isBool says whether the switchboard's bool fits the expression.
func (f *file) isBool(n ast.Expr) bool {
	v := f.info.Types[n]
	if v.Type == nil {
		return false
	}
	basic, ok := v.Type.(*types.Basic)
	return ok && basic.Info()&types.IsBoolean != 0
}

func (f *file) add(n ast.Node, before, after string) *mutant {
	short := func(s string) string {
		const most = 70
		s = strings.Join(strings.Fields(s), " ")
		if r := []rune(s); len(r) > most {
			s = string(r[:most]) + "…"
		}
		return s
	}
	m := &mutant{pkg: f.pkg, file: f.name, line: f.set.Position(n.Pos()).Line, fn: f.fn, text: short(before) + " → " + short(after)}
	*f.last++
	m.id = *f.last
	m.nth = 1
	for _, other := range f.mutants {
		if other.fn == m.fn && other.text == m.text {
			m.nth++
		}
	}
	f.mutants = append(f.mutants, m)
	return m
}
