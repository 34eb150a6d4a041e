"""The page's numbers, as far as the step-by-step player has come."""

from __future__ import annotations

from dataclasses import dataclass

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.grading.hidden import NOTHING, Veil
from graphviz_backprop.explain.signs import folded_signs, signs
from graphviz_backprop.explain.tensors.cells import whole_of
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.web.asked.program import Program, drawn, fields
from graphviz_backprop.web.asked.state import State
from graphviz_backprop.web.shown.chosen import Chosen
from graphviz_backprop.web.shown.drawing import shown_network
from graphviz_backprop.web.shown.panels import Fields, panel_fields, tensor_fields
from graphviz_backprop.web.shown.steps import ShownStep, TooMany, shown_layer_steps, shown_steps


@dataclass(frozen=True)
class Played:
    """A run of the program; without one, there are no numbers and no steps."""

    state: State
    program: Program | None
    run: Run[float] | None
    about: str
    chosen: Chosen | None = None

    @cached_property
    def fields(self) -> Fields:
        if self.run is None or self.program is None:
            return {}
        cells = self.chosen.fields if self.chosen else {}
        return {**fields(self.run), **self._panels(self.run, self.program), **self._figure, **cells}

    def _panels(self, run: Run[float], program: Program) -> Fields:
        if not run.graph.of_numbers:
            return tensor_fields(run, self.about, self.state, program.fold(self.state))
        asked = (self.state.panels, run, self.about, self.state.h)
        return panel_fields(*asked, program.fold(self.state))

    @cached_property
    def _figure(self) -> Fields:
        """The numbers of the figure and of the steps alone."""
        if self.run is None or self.program is None:
            return {}
        fold = self.program.fold(self.state)
        through = drawn(self.run, fold)
        wanted = self.state.frame >= 0 or self.state.about
        written = {**signs(self.run), **folded_signs(self.run, fold, through)} if wanted else {}
        return {**through, **written}

    @property
    def steps(self) -> tuple[ShownStep, ...]:
        """The steps of both passes, once they are asked for."""
        return self._stepped[0]

    @property
    def unstepped(self) -> str:
        """Why there are no steps, where they are asked for."""
        return self._stepped[1]

    @cached_property
    def _stepped(self) -> tuple[tuple[ShownStep, ...], str]:
        if self.program is None or self.state.frame < 0:
            return (), ""
        network = shown_network(self.program, self.state)
        if network is not None:
            return shown_layer_steps(network, self.state.seed != 1), ""
        try:
            return shown_steps(self.program.fold(self.state), self.state.seed != 1), ""
        except TooMany as refusal:
            return (), str(refusal)

    @cached_property
    def frame(self) -> int:
        """Where the player stands: at the last step at most; -1, and everything is shown."""
        return min(self.state.frame, len(self.steps) - 1)

    @cached_property
    def reached(self) -> Fields:
        """The page's fields as far as the player has come: what is later has no number yet.

        Nor has what the state hides.
        """
        return self._reached(self.fields)

    @property
    def pictured(self) -> Fields:
        """The same, of the figure alone."""
        return self._reached(self._figure)

    def _reached(self, fields: Fields) -> Fields:
        later = {field for shown in self.steps[self.frame + 1 :] for field in shown.shows}
        if self.program and not self.program.graph.of_numbers:
            later |= {field for field in fields if whole_of(field) in later}
        return self.veil.over({**fields, **dict.fromkeys(later if self.frame >= 0 else ())})

    @cached_property
    def veil(self) -> Veil:
        """What the state hides."""
        return self.program.veil(self.state) if self.program else NOTHING

    def announced(self, name: str) -> str:
        """What a screen reader says of a variable's slider."""
        if self.run is None or self.program is None:
            return ""
        said = [f"{name} = {format_number(self.state.value(name))}"]
        output = self.program.graph.output.id
        for what, field in (("value", f"{output}.value"), ("gradient", f"{name}.total")):
            number = self.reached[field]
            if isinstance(number, float):
                said.append(f"{what} {format_number(number)}")
        return ", ".join(said)
