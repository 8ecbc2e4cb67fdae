package speech

import (
	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
)

// Of returns what an order to play has to say to the caller. ok is false for what
// is no announcement: music and the intro are files, and nil is nothing.
//
// A position is said with the wait, if there is an estimate: the one of the order,
// which the engine has kept from getting worse without a cause (B63).
func Of(play *acd.Play) (a Announcement, ok bool) {
	if play == nil {
		return Announcement{}, false
	}
	switch play.What {
	case queue.PromptPosition:
		a.What = Estimate
	case queue.PromptPeriodic:
		a.What = Periodic
	case queue.PromptCallbackOffer:
		a.What = CallbackOffer
	case queue.PromptCallbackDialogue:
		a.What = CallbackDialogue
	case queue.PromptWarning:
		a.What, a.Final = Warning, play.Level == queue.BlockSecond
	default:
		return Announcement{}, false
	}
	a.Position = play.Position
	if play.Estimate != nil {
		a.HasEstimate, a.Mean, a.P80 = true, play.Estimate.Mean, play.Estimate.P80
	}
	return a, true
}

// Say returns an order to play in the language of its queue: as sentences, see
// [Text], and as recordings, see [Prompts]. ok is false for what is no
// announcement, see [Of]; the host plays the order's File then.
func Say(play *acd.Play) (text string, prompts []Prompt, ok bool) {
	a, ok := Of(play)
	if !ok {
		return "", nil, false
	}
	v, _ := find(play.Language)
	u := utterance{voice: v}
	u.say(a)
	return u.text.String(), u.prompts, true
}
