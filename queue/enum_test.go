package queue

import (
	"encoding"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/agent"
)

func TestEnums_SpellAndReadTheProductsWords(t *testing.T) {
	t.Parallel()
	testEnum(t, "DISABLE", "NORMAL", "FULL")(new(IntroType), func(i uint8) spelled { return IntroType(i) })
	testEnum(t, "DISABLE", "PERIODICALLY", "ON_CONNECTED")(new(InformPosition), func(i uint8) spelled { return InformPosition(i) })
	testEnum(t, "ACTIVE", "TIMEOUT")(new(CallbackMode), func(i uint8) spelled { return CallbackMode(i) })
	testEnum(t, "ASCENDING", "DESCENDING")(new(SkillOrder), func(i uint8) spelled { return SkillOrder(i) })
	testEnum(t, "AUTO", "MANUAL")(new(Connect), func(i uint8) spelled { return Connect(i) })
	testEnum(t, "HANGUP", "FORWARD_TO_NUMBER", "FORWARD_TO_VOICEMAIL")(new(ForwardAction), func(i uint8) spelled { return ForwardAction(i) })
	testEnum(t, "FIRST", "SECOND")(new(BlockLevel), func(i uint8) spelled { return BlockLevel(i) })
	testEnum(t, kinds...)(new(Kind), func(i uint8) spelled { return Kind(i) })
}

type spelled interface {
	fmt.Stringer
	encoding.TextMarshaler
}

// testEnum checks that the values 0, 1, … have these names, and no others any.
func testEnum(t *testing.T, names ...string) func(read encoding.TextUnmarshaler, of func(uint8) spelled) {
	t.Helper()
	return func(read encoding.TextUnmarshaler, of func(uint8) spelled) {
		for i, name := range names {
			e := of(uint8(i))
			assert.Equal(t, name, e.String())
			text, err := e.MarshalText()
			require.NoError(t, err)
			assert.Equal(t, name, string(text))
			require.NoError(t, read.UnmarshalText(text))
			assert.Equal(t, name, read.(fmt.Stringer).String())
		}
		beyond := of(uint8(len(names)))
		assert.Contains(t, beyond.String(), "(")
		_, err := beyond.MarshalText()
		require.ErrorIs(t, err, agent.ErrInvalid)
		err = read.UnmarshalText([]byte("no\nword"))
		require.ErrorIs(t, err, agent.ErrInvalid)
		require.ErrorContains(t, err, `"no\nword": must be one of `+names[0])
	}
}
