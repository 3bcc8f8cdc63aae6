"""The parts of a life in which identities are looked for."""

from server.enums.labelled import Labelled


class IdentityCategory(Labelled):
    """The categories, in the order in which a user walks through them."""

    PASSIONS_AND_TALENTS = "passions_and_talents"
    MAKER_OF_MONEY = "maker_of_money"
    KEEPER_OF_MONEY = "keeper_of_money"
    SPIRITUAL = "spiritual"
    PERSONAL_APPEARANCE = "personal_appearance"
    PHYSICAL_EXPRESSION = "physical_expression"
    FAMILIAL_RELATIONS = "familial_relations"
    ROMANTIC_RELATION = "romantic_relation"
    DOER_OF_THINGS = "doer_of_things"
