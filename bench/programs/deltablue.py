"""A hierarchy of one-way constraints, kept satisfied as they come and go. Stresses: calls by class, object graphs."""

REQUIRED, STRONG, MEDIUM, WEAK, WEAKEST = range(5)


class Variable:
    def __init__(self, name, value):
        self.name = name
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.mark = 0
        self.strength = WEAKEST
        self.stays = True


class Constraint:
    def __init__(self, strength):
        self.strength = strength

    def add_to(self, planner):
        for variable in self.variables():
            variable.constraints.append(self)
        planner.add(self)

    def remove_from(self, planner):
        if self.is_satisfied():
            planner.remove(self)
        else:
            self.detach()

    def detach(self):
        for variable in self.variables():
            variable.constraints.remove(self)

    def satisfy(self, mark, planner):
        """Takes over its output; returns the constraint that it pushes out."""
        self.choose(mark)
        if not self.is_satisfied():
            if self.strength == REQUIRED:
                raise ValueError('a required constraint can not be satisfied')
            return None
        for variable in self.inputs():
            variable.mark = mark
        out = self.output()
        overridden = out.determined_by
        if overridden is not None:
            overridden.release()
        out.determined_by = self
        planner.propagate(self, mark)
        out.mark = mark
        return overridden

    def recalculate(self):
        out = self.output()
        out.strength = self.weakest_of_inputs()
        out.stays = self.is_constant()
        if out.stays:
            self.execute()

    def weakest_of_inputs(self):
        weakest = self.strength
        for variable in self.inputs():
            if variable.strength > weakest:
                weakest = variable.strength
        return weakest

    def is_constant(self):
        return all([variable.stays for variable in self.inputs()])

    def inputs_known(self, mark):
        for variable in self.inputs():
            if not (variable.mark == mark or variable.stays or variable.determined_by is None):
                return False
        return True


class Unary(Constraint):
    def __init__(self, variable, strength):
        Constraint.__init__(self, strength)
        self.variable = variable
        self.satisfied = False

    def variables(self):
        return (self.variable,)

    def inputs(self):
        return ()

    def output(self):
        return self.variable

    def is_satisfied(self):
        return self.satisfied

    def choose(self, mark):
        self.satisfied = self.variable.mark != mark and self.strength < self.variable.strength

    def release(self):
        self.satisfied = False

    def execute(self):
        pass


class Stay(Unary):
    pass


class Edit(Unary):
    def is_constant(self):
        return False


class Binary(Constraint):
    """Forward from `first` to `second`, or backward; neither if it is not satisfied."""

    def __init__(self, first, second, strength):
        Constraint.__init__(self, strength)
        self.first = first
        self.second = second
        self.direction = 0

    def variables(self):
        return (self.first, self.second)

    def inputs(self):
        return (self.first,) if self.direction > 0 else (self.second,)

    def output(self):
        return self.second if self.direction > 0 else self.first

    def is_satisfied(self):
        return self.direction != 0

    def choose(self, mark):
        first, second = self.first, self.second
        forward = second.mark != mark and self.strength < second.strength
        backward = first.mark != mark and self.strength < first.strength
        if forward and backward:
            self.direction = -1 if first.strength > second.strength else 1
        else:
            self.direction = 1 if forward else -1 if backward else 0

    def release(self):
        self.direction = 0


class Equal(Binary):
    def execute(self):
        self.output().value = self.inputs()[0].value


class Scale(Binary):
    """second = first * factor + offset, with a factor and an offset that are variables themselves."""

    def __init__(self, first, second, factor, offset, strength):
        Binary.__init__(self, first, second, strength)
        self.factor = factor
        self.offset = offset

    def variables(self):
        return (self.first, self.second, self.factor, self.offset)

    def inputs(self):
        source = self.first if self.direction > 0 else self.second
        return (source, self.factor, self.offset)

    def execute(self):
        if self.direction > 0:
            self.second.value = self.first.value * self.factor.value + self.offset.value
        else:
            self.first.value = (self.second.value - self.offset.value) // self.factor.value


class Planner:
    def __init__(self):
        self.mark = 0

    def new_mark(self):
        self.mark += 1
        return self.mark

    def add(self, constraint):
        mark = self.new_mark()
        overridden = constraint.satisfy(mark, self)
        while overridden is not None:
            overridden = overridden.satisfy(mark, self)

    def remove(self, constraint):
        out = constraint.output()
        constraint.release()
        constraint.detach()
        unsatisfied = self.forget(out)
        unsatisfied.sort(key=lambda each: each.strength)
        for each in unsatisfied:
            self.add(each)

    def forget(self, out):
        """Values downstream of `out` are nobody's; returns what could be satisfied now."""
        out.determined_by = None
        out.strength = WEAKEST
        out.stays = True
        unsatisfied = []
        todo = [out]
        while todo:
            variable = todo.pop()
            for constraint in variable.constraints:
                if not constraint.is_satisfied():
                    unsatisfied.append(constraint)
            for constraint in self.consumers(variable):
                constraint.recalculate()
                todo.append(constraint.output())
        return unsatisfied

    def consumers(self, variable):
        return [
            each
            for each in variable.constraints
            if each is not variable.determined_by and each.is_satisfied()
        ]

    def propagate(self, constraint, mark):
        todo = [constraint]
        while todo:
            each = todo.pop()
            out = each.output()
            if out.mark == mark and each is not constraint:
                raise ValueError('the constraints form a cycle')
            each.recalculate()
            todo.extend(self.consumers(out))

    def plan_from(self, sources):
        """The constraints to execute, in order, when the values of `sources` change."""
        mark = self.new_mark()
        plan = []
        todo = [each for each in sources if each.is_satisfied()]
        while todo:
            constraint = todo.pop()
            out = constraint.output()
            if out.mark != mark and constraint.inputs_known(mark):
                plan.append(constraint)
                out.mark = mark
                todo.extend(self.consumers(out))
        return plan


def change(planner, variable, values):
    edit = Edit(variable, STRONG)
    edit.add_to(planner)
    plan = planner.plan_from([edit])
    for value in values:
        variable.value = value
        for constraint in plan:
            constraint.execute()
    edit.remove_from(planner)


def chain(length):
    """Equal variables in a row; a change at one end has to reach the other."""
    planner = Planner()
    variables = [Variable('v%d' % n, 0) for n in range(length + 1)]
    for first, second in zip(variables, variables[1:]):
        Equal(first, second, REQUIRED).add_to(planner)
    Stay(variables[-1], WEAK).add_to(planner)
    change(planner, variables[0], range(40))
    return variables[-1].value


def projection(count):
    """Many pairs with a common scale, changed at both sides and at the scale."""
    planner = Planner()
    factor, offset = Variable('factor', 10), Variable('offset', 1000)
    pairs = []
    for n in range(count):
        first, second = Variable('a%d' % n, n), Variable('b%d' % n, n)
        Stay(first, MEDIUM).add_to(planner)
        Scale(first, second, factor, offset, REQUIRED).add_to(planner)
        pairs.append((first, second))
    change(planner, pairs[0][0], [17])
    change(planner, pairs[0][1], [1050])
    change(planner, factor, range(2, 12))
    change(planner, offset, range(500, 510))
    return sum([second.value for _, second in pairs])


def run(size):
    return '%d %d' % (chain(size), projection(size))
