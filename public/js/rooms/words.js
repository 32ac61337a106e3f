// Short words that sound well beside each other. There are exactly 256, so one byte of chance picks one,
// and no two pairs of them read the same when written together.

export const WORDS = `
  aspen atlas attic badge bagel baker balm banjo barge basil beach beam bean bear beech bell
  berry birch bird bloom blue boat bolt book boot bow bowl box brass bread brick brook brush
  cabin cake calm cape card cedar chair chalk chess cider city clay cliff clock cloud coast
  cocoa comet coral cork corn cove crane cream crow crown cup curry daisy dawn deer desk dew
  dome door dove drum duck dune dusk eagle earth east echo elk elm ember fable farm fern ferry
  field fig film finch fir fjord flag flax flint flute foam fog fork fox frost gate gem glade
  glass globe glove gold goose grain grape grass grove gull hall harp hat hawk hazel heath heron
  hill honey hood house ice iris iron ivory ivy jade jam jet kayak kelp key kiln kite lace lake
  lamp lark leaf lemon light lily lime linen lion lotus lunar lynx maple melon mill mint mist
  moon moss moth mug music navy nest north novel oak oasis oat ocean olive onyx opal orbit otter
  owl oxbow page palm paper path peach pear pearl piano pilot pine plum pond poppy prism quill
  quilt radio rain raven reed reef ridge ring river robin root rope rose rowan ruby sage sail
  salt sand scarf sea seed shell shore silk sky slate snow spark spoon star stone stork storm
  sugar sun swan tango tea thyme tide tiger tile tin topaz torch tower trail train tulip umber
  vase vine wagon water wave whale wheat wind wing wolf wool wren yacht zebra zinc
`.trim().split(/\s+/);
